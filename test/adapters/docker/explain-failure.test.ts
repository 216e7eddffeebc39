import { describe, expect, it } from 'vitest'
import { explainFailure } from '../../../reconciler/adapters/docker/explain-failure.ts'

const explain = (words: string) => explainFailure(words, '/srv/home/stacklets/notes')

/** Words as engines of several versions said them. */
const portByProgram =
  'Error response from daemon: driver failed programming external connectivity on endpoint stack-notes (2c9d): Error starting userland proxy: listen tcp4 0.0.0.0:42200: bind: address already in use'
const portByContainer =
  'driver failed programming external connectivity on endpoint stack-notes (84fe): Bind for 0.0.0.0:42200 failed: port is already allocated'
const mount =
  'error during container init: error mounting "/srv/home/stacklets/notes/indx.html" to rootfs at "/data/index.html": mount /srv/x:/data/index.html (via /proc/self/fd/6), flags: 0x5000: not a directory: unknown'

describe('what the engine says is explained:', () => {
  it.each([
    [
      'a port that a program has',
      portByProgram,
      'port 42200 of this host is taken by another program',
      'ss -ltnp sport = :42200',
    ],
    [
      'a port that a container has',
      portByContainer,
      'port 42200 of this host is taken by another container',
      'docker ps --filter publish=42200',
    ],
    [
      'a tag that is not there',
      'Error response from daemon: manifest for busybox:1.63 not found: manifest unknown: manifest unknown',
      'the registry has no image busybox:1.63',
      'stacklets/notes/docker-compose.yml',
    ],
    [
      'the same of a newer engine',
      'failed to resolve reference "docker.io/library/busybox:1.63": docker.io/library/busybox:1.63: not found',
      'the registry has no image docker.io/library/busybox:1.63',
      'image:',
    ],
    [
      'a name that is not there',
      "pull access denied for bussybox, repository does not exist or may require 'docker login'",
      'the registry has no image bussybox, or does not show it to everybody',
      'docker login',
    ],
    [
      'no network',
      'Get "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io on 10.0.0.1:53: no such host',
      'the registry registry-1.docker.io cannot be reached',
      'the files are not to blame',
    ],
    [
      'no network, by a mirror',
      'Get "http://10.0.0.5:5000/v2/": dial tcp 10.0.0.5:5000: connect: connection refused',
      'the registry 10.0.0.5:5000 cannot be reached',
      'run it again',
    ],
    [
      'too many pulls',
      'toomanyrequests: You have reached your pull rate limit.',
      'the registry wants to be asked less often',
      'docker login',
    ],
    [
      'a file that is a folder',
      mount,
      '/srv/home/stacklets/notes/indx.html is mounted as a file, and is a folder: Docker makes one of what is not there',
      'volumes: in stacklets/notes',
    ],
    [
      'a network that is there twice',
      'Error response from daemon: network stack-notes_default is ambiguous (2 matches found on name)',
      'there are several networks stack-notes_default: two Compose programs made it at once',
      'run it again',
    ],
    [
      'a full disk',
      'write /var/lib/docker/tmp/x: no space left on device',
      "this host's disk is full",
      'docker system df',
    ],
  ])('%s', (_name, words, why, hint) => {
    expect(explain(words)?.why).toBe(why)
    expect(explain(words)?.hint).toContain(hint)
  })

  it('but not what nobody knows', () => {
    expect(explain('the moon is full')).toBeNull()
  })
})
