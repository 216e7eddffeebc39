import { digest } from '../../../reconciler/lib/digest.ts'
import type { Digest } from '../../../reconciler/model/names.ts'
import type { RoutePart, Site } from '../../../reconciler/model/route.ts'
import type { AdaptQuestion, FrontProxy } from '../../../reconciler/ports/front-proxy.ts'
import type { Box } from './box.ts'
import { tell } from './containers.ts'

/** A proxy that reads snippets of one line, `NAME`, and refuses what it calls broken. What somebody edited by hand it serves no more. */
export function fakeProxy(box: Box): FrontProxy {
  return {
    async adapt(question) {
      const at = question.snippet?.lines[0] ?? { file: 'caddy.snippet', line: 0, column: 0 }
      if (question.snippet?.text.includes('broken'))
        return { kind: 'refused', complaints: [{ message: 'it is broken', hint: 'mend it', at }] }
      return { kind: 'adapted', part: partOf(question) }
    },
    served: async () => ({
      isLive: true,
      parts: [...box.served.values()],
      altered: [...box.tampered].filter((id) => box.served.has(id)) as never,
      isAltered: box.tampered.size > 0,
    }),
    async load(parts) {
      for (const part of parts) {
        const before = box.served.get(part.stacklet)
        if (part.isUp && before?.isUp !== true)
          tell(box, { what: 'route', name: part.stacklet, stacklet: part.stacklet })
      }
      box.served.clear()
      for (const part of parts) box.served.set(part.stacklet, part)
      box.tampered.clear()
    },
    prepare: async () => {},
  }
}

function partOf({ stacklet, routes, snippet }: AdaptQuestion): RoutePart {
  const written = (snippet?.text ?? '').split('\n').filter((line) => line !== '')
  const sites: readonly Site[] = [
    ...routes.map(({ host, path, tls }) => ({ host, path, tls })),
    ...written.map((host) => ({ host, path: '', tls: 'internal' as const })),
  ]
  const content = JSON.stringify([routes.map(({ dials, host, path }) => [host, path, dials]), written])
  return { stacklet, isUp: true, sites, content, digest: digest(content).slice(0, 16) as Digest }
}
