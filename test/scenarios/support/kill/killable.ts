/**
 * `killable ROOT PLACE WORDS…`, in an instance: the program's own run over the real world, in which every change is a place.
 * It dies at PLACE (`ledger.write #2`); without one it lists the places there were on stdout.
 */
import { pathToFileURL } from 'node:url'

import type { reconcile } from '../../../../reconciler/loop/reconcile.ts'
import type { rollBack } from '../../../../reconciler/loop/roll-back.ts'
import type { wireWorld } from '../../../../reconciler/wiring.ts'
import { places } from './places.ts'
import { watchFiles } from './watch-files.ts'
import { watchWorld } from './watch-world.ts'

interface Wiring {
  readonly wireWorld: typeof wireWorld
}
interface Reconcile {
  readonly reconcile: typeof reconcile
}
interface RollBack {
  readonly rollBack: typeof rollBack
}

const [root = '', chosen = '', command = '', target = ''] = process.argv.slice(2)
const folder = process.cwd()
const seen = places(chosen === '' ? null : chosen)
watchFiles(folder, seen)

const source = (path: string) => import(pathToFileURL(`${root}/reconciler/${path}`).href)
const wiring: Wiring = await source('wiring.ts')
const { reconcile: run }: Reconcile = await source('loop/reconcile.ts')
const { rollBack: goBack }: RollBack = await source('loop/roll-back.ts')

const place = { instance: folder, root: folder }
const world = watchWorld(await wiring.wireWorld({ place, env: process.env, isInteractive: false }), seen)
const never = new AbortController().signal
const request = { yes: false, isInteractive: false, waitMs: 60_000, home: folder, watch: () => {}, onWait: () => {} }
if (command === 'rollback') await goBack(world, { ...request, target, only: null, onRestored: () => {} }, never)
else await run(world, { ...request, trigger: 'stack reconcile' }, never)
process.stdout.write(JSON.stringify(seen.seen()))
