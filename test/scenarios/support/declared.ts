import { uniqueName } from '../../engine/ports.ts'
import { type Instance, makeInstance } from './instance.ts'

export const desiredFile = 'desired/desired.toml'

/** An instance with these stacklets, none declared unless the text says so, committed. */
export async function given(
  stacklets: readonly Readonly<Record<string, string>>[],
  text = '# nothing yet\n',
): Promise<Instance> {
  const host = await makeInstance({ ...Object.assign({}, ...stacklets), [desiredFile]: text })
  await host.commit('first')
  return host
}

/** Two stacklets, of which the second is to require the first. */
export function pair(): { readonly base: string; readonly top: string } {
  const base = uniqueName('base')
  return { base, top: `${base}-top` }
}
