import { uniqueName } from '../../../engine/ports.ts'
import { everyHook } from '../../fixtures/hooked.ts'
import { type Instance, makeInstance } from '../instance.ts'
import { desiredRunning, webStacklet } from '../stacklets.ts'

/** A host that goes through the same things again and again. */
export interface Life {
  readonly host: Instance
  /** One with every hook, a secret, data and a mounted folder, and the one that it requires. */
  readonly ids: readonly [string, string]
}

/** Something that a run brings about. It begins where the one before it ended; the first begins anew, whatever was. */
export interface Move {
  readonly name: string
  /** What somebody does before the run. */
  readonly prepare: (life: Life) => Promise<void>
  /** The run: `reconcile`, `rollback COMMIT`. */
  readonly words: (life: Life) => Promise<readonly string[]>
  /** How an ordinary run ends after it. */
  readonly code: number
}

/** Relative to the instance; here, because what is destroyed takes its data with it. */
export const hookLog = 'hooks.log'

export async function makeLife(options: Parameters<typeof makeInstance>[1] = {}): Promise<Life> {
  const [app, base] = [uniqueName('app'), uniqueName('base')]
  const hooks = everyHook((event) => `echo "of ${event}"`)
  const files = Object.entries(hooks).map(([name, text]) => {
    return [`stacklets/${app}/hooks/${name}`, text.replace('data/hooks.log', hookLog)] as const
  })
  const host = await makeInstance({ ...Object.fromEntries(files), ...webStacklet({ id: base }) }, options)
  await host.write('.gitignore', `.stack/\n.env\ndata/\n${hookLog}\n`)
  return { host, ids: [app, base] }
}

interface Version {
  readonly version: string
  readonly image?: string
}

async function writeApp({ host, ids: [app, base] }: Life, { version, ...more }: Version): Promise<void> {
  const service = `    environment: { VERSION: ${version} }\n    volumes: ["./page:/page:ro"]\n`
  const manifest = '\n[env]\ngenerate = ["KEY"]\n'
  const files = webStacklet({ id: app, requires: [base], manifest, service, ...more })
  for (const [path, text] of Object.entries(files)) await host.write(path, text)
  await host.write(`stacklets/${app}/page/index.html`, `${version}\n`)
}

const reconciling = async (): Promise<readonly string[]> => ['reconcile']

/**
 * A whole life, in the order in which it is lived. `broken` is an image that runs and is never well: one that ends at once is started
 * twice in each attempt, and starts are counted.
 */
export function movesOf(broken: string): readonly Move[] {
  return [
    { name: 'a first install', prepare: beginAnew, words: reconciling, code: 0 },
    { name: 'a repair', prepare: disturb, words: reconciling, code: 0 },
    { name: 'a change', prepare: change, words: reconciling, code: 0 },
    {
      name: 'stack rollback',
      prepare: async () => {},
      words: async ({ host }) => ['rollback', await host.git('rev-parse', 'HEAD~1')],
      code: 0,
    },
    {
      name: 'a change that is rolled back',
      prepare: async (life) => {
        await writeApp(life, { version: 'broken', image: broken })
        await life.host.commit('broken')
      },
      words: reconciling,
      code: 1,
    },
    { name: 'a destruction', prepare: destroy, words: reconciling, code: 0 },
  ]
}

/** As a machine is that never heard of this instance. */
async function beginAnew(life: Life): Promise<void> {
  const { host, ids } = life
  for (const id of ids) {
    const left = await host.docker([
      'ps',
      '--all',
      '--quiet',
      '--filter',
      `label=com.docker.compose.project=stack-${id}`,
    ])
    if (left !== '') await host.docker(['rm', '--force', ...left.split('\n')])
  }
  for (const path of ['.stack', 'data', hookLog, ...ids.map((id) => `stacklets/${id}/.env`)]) await host.remove(path)
  await host.write(`data/${ids[0]}/photo.jpg`, 'kept\n')
  await writeApp(life, { version: 'one' })
  await host.write('desired/desired.toml', desiredRunning(...ids)['desired/desired.toml'] ?? '')
  await host.commit('begin')
}

async function disturb({ host, ids: [app, base] }: Life): Promise<void> {
  await host.docker(['stop', '--time', '0', `stack-${app}`])
  await host.docker(['rename', `stack-${base}`, `odd-stack-${base}`])
}

async function change(life: Life): Promise<void> {
  await writeApp(life, { version: 'two' })
  await life.host.commit('change')
}

async function destroy({ host, ids }: Life): Promise<void> {
  await host.write('desired/desired.toml', ids.map((id) => `[stacklets.${id}]\nstate = "absent"\n`).join(''))
  await host.commit('gone')
}
