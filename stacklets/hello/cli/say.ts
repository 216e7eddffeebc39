// `stack hello say [NAME]`. Everything behind `say` is in args, untouched; a result with `error` is exit code 1.
import type { Command } from 'stackloop/sdk'
import { headingOf } from './_page.ts'

export const HELP = 'Say what the page says, to somebody'

export const run: Command = async ([name = 'you'], { manifest }, config) => {
  if (!config.is_healthy()) return { error: 'the page is not up: stack up hello' }
  const page = await fetch(`http://localhost:${manifest['port']}/`)
  console.log(`${headingOf(await page.text())}, and to ${name} especially!`)
  return {}
}
