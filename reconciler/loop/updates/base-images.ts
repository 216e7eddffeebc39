import { builtFrom } from '../../definitions/built-from.ts'
import { insidePath } from '../../lib/inside-path.ts'
import type { BuiltFrom, ComposeService } from '../../model/compose-project.ts'
import type { Desired, DesiredStacklet } from '../../model/desired.ts'
import type { Loaded } from '../load-desired.ts'

/** What is built here, and from which images: stacklet and service, `photos web`, to those. Read from the commit, like everything. */
export async function baseImages(
  desired: Desired,
  { textOf }: Pick<Loaded, 'textOf'>,
): Promise<ReadonlyMap<string, BuiltFrom>> {
  const built = desired.stacklets.flatMap((wanted) =>
    (wanted.project?.services ?? []).filter(({ isBuilt }) => isBuilt).map((service) => ({ wanted, service })),
  )
  const found = await Promise.all(
    built.map(async ({ wanted, service }) => {
      const path = dockerfileOf(wanted, service)
      const text = path === null ? null : await textOf(path)
      return text === null ? [] : [[`${wanted.id} ${service.name}`, builtFrom(text, service.words)] as const]
    }),
  )
  return new Map(found.flat())
}

function dockerfileOf({ stacklet }: DesiredStacklet, { context, dockerfile }: ComposeService): string | null {
  const folder = context === null ? null : insidePath(stacklet.path, context)
  return folder === null ? null : insidePath(folder, dockerfile ?? 'Dockerfile')
}
