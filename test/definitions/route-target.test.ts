import { describe, expect, it } from 'vitest'
import { targetOf } from '../../reconciler/definitions/route-target.ts'
import type { ComposeService } from '../../reconciler/model/compose-project.ts'
import type { Front, Route } from '../../reconciler/model/route.ts'
import { desired } from '../support/desired.ts'
import { stacklet } from '../support/intent.ts'

const ports = [{ address: '127.0.0.1', port: 42_010, protocol: 'tcp', target: 2283 }] as const
const base = { image: 'x', isBuilt: false, replicas: 1, sources: [], context: null, hasHealthcheck: false }
const web: ComposeService = { ...base, name: 'web', containerName: 'stack-photos-web', ports }
const db: ComposeService = { ...base, name: 'db', containerName: null, ports: [], replicas: 2 }
const front: Front = {
  admin: null,
  stacklet: null,
  httpPort: 80,
  httpsPort: 443,
  onlyHttps: false,
  acme: { email: null, ca: null, root: null },
}
const at = { file: 'f', line: 1, column: 1 }

function target(route: Partial<Route>, services: readonly ComposeService[], admin: string | null = null) {
  const [owner] = desired([stacklet('photos')]).stacklets
  if (owner === undefined) throw new Error('nobody')
  const full: Route = {
    host: 'photos.lan',
    path: '',
    strip: true,
    service: null,
    port: null,
    tls: 'internal',
    at,
    ...route,
  }
  const project = { name: 'stack-photos', services, networks: [], volumes: [] }
  const port = services.length === 0 ? 9000 : 42_010
  const found = targetOf(full, { ...owner, project, stacklet: { ...owner.stacklet, port } }, { ...front, admin })
  return found.kind === 'found' ? found.dials : found.message
}

describe('a route leads', () => {
  it.each<[string, unknown, unknown]>([
    ['to where the published port of the stacklet leads', target({}, [web, db]), ['stack-photos-web:2283']],
    ['to another port of it', target({ port: 80 }, [web, db]), ['stack-photos-web:80']],
    [
      'to each container of a service',
      target({ service: 'db', port: 5 }, [web, db]),
      ['stack-photos-db-1:5', 'stack-photos-db-2:5'],
    ],
    ['to the only service', target({ port: 80 }, [{ ...db, replicas: 1 }]), ['stack-photos-db-1:80']],
    ['to a program of the host', target({}, []), ['host.docker.internal:9000']],
    ['to a published port, for a Caddy of the host', target({}, [web], 'localhost:2019'), ['127.0.0.1:42010']],
    ['to a program, for a Caddy of the host', target({ port: 7 }, [], 'localhost:2019'), ['127.0.0.1:7']],
  ])('%s', (_, found, dials) => {
    expect(found).toEqual(dials)
  })

  it.each<[unknown, string]>([
    [
      target({ service: 'wed' }, [web, db]),
      'the route photos.lan of photos leads to the service wed, which there is none of',
    ],
    [target({}, [db, { ...db, name: 'mq' }]), 'the route photos.lan of photos does not say to which service it leads'],
    [target({ service: 'db' }, [web, db]), 'the route photos.lan of photos has no port'],
    [
      target({ service: 'db', port: 5 }, [web, db], 'localhost:2019'),
      'the route photos.lan of photos leads to a port that is not published',
    ],
  ])('nowhere: %s', (found, message) => {
    expect(found).toBe(message)
  })
})
