import { baseImage } from '../../definitions/base-image.ts'
import { insidePath } from '../../lib/inside-path.ts'
import type { ComposeService } from '../../model/compose-project.ts'
import type { Desired, DesiredStacklet } from '../../model/desired.ts'
import type { Loaded } from '../load-desired.ts'

/** What is built here, and upon which image: stacklet and service, `photos web`, to that. Read from the commit, like everything. */
export async function baseImages(
  desired: Desired,
  { textOf }: Pick<Loaded, 'textOf'>,
): Promise<ReadonlyMap<string, string>> {
  const built = desired.stacklets.flatMap((wanted) =>
    (wanted.project?.services ?? []).filter(({ isBuilt }) => isBuilt).map((service) => ({ wanted, service })),
  )
  const found = await Promise.all(
    built.map(async ({ wanted, service }) => {
      const path = dockerfileOf(wanted, service)
      const text = path === null ? null : await textOf(path)
      const base = text === null ? null : baseImage(text)
      return base === null ? [] : [[`${wanted.id} ${service.name}`, base] as const]
    }),
  )
  return new Map(found.flat())
}

function dockerfileOf({ stacklet }: DesiredStacklet, { context, dockerfile }: ComposeService): string | null {
  const folder = context === null ? null : insidePath(stacklet.path, context)
  return folder === null ? null : insidePath(folder, dockerfile ?? 'Dockerfile')
}
