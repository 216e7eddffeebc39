import { basename } from 'node:path'
import { diskFull } from '../../lib/disk-full.ts'

/** What the engine's words mean for a person, and what to do about it. */
export interface Explanation {
  readonly why: string
  readonly hint: string
}

type Explain = (found: string, file: string) => Explanation

const portTaken = (port: string, by: string, whose: string, file: string): Explanation => ({
  why: `port ${port} of this host is taken by another ${by}`,
  hint: `${whose} names it: end it, or publish another port in ${file} and stacklet.toml, and commit`,
})
const noImage = (image: string, file: string): Explanation => ({
  why: `the registry has no ${image === '' ? 'such image' : `image ${image}`}`,
  hint: `correct the name or the tag at image: in ${file}, and commit`,
})

const fullDisk: Explanation = {
  why: "this host's disk is full",
  hint: 'free some space: docker system df shows what images and containers take',
}

/** The engine's words by their shape; the first group is what it is about. */
const known: readonly (readonly [RegExp, Explain])[] = [
  [
    /listen \w+ \S*:(\d+): bind: address already in use/,
    (port, file) => portTaken(port, 'program', `ss -ltnp sport = :${port}`, file),
  ],
  [
    /Bind for \S*:(\d+) failed: port is already allocated/,
    (port, file) => portTaken(port, 'container', `docker ps --filter publish=${port}`, file),
  ],
  [/manifest for (\S+) not found/, noImage],
  [/failed to resolve reference "([^"]+)": .*not found|manifest unknown/, noImage],
  [
    /pull access denied for ([^\s,]+)/,
    (image, file) => ({
      why: `the registry has no image ${image}, or does not show it to everybody`,
      hint: `correct the name at image: in ${file} and commit, or docker login where it lies`,
    }),
  ],
  [
    /https?:\/\/([^/"]+)\/v2\/.*(?:no such host|timeout|connection refused|unreachable|server misbehaving)/i,
    (registry) => ({
      why: `the registry ${registry} cannot be reached`,
      hint: "look after this host's network and name server, then run it again: the files are not to blame",
    }),
  ],
  [
    /toomanyrequests/,
    () => ({
      why: 'the registry wants to be asked less often',
      hint: 'wait, or docker login: its limit is higher then',
    }),
  ],
  [
    /error mounting "([^"]+)".*not a directory/,
    (path, file) => ({
      why: `${path} is mounted as a file, and is a folder: Docker makes one of what is not there`,
      hint: `remove the folder and write the file, or correct volumes: in ${file}, and commit`,
    }),
  ],
  [
    /network (\S+) is ambiguous/,
    (network) => ({
      why: `there are several networks ${network}: two Compose programs made it at once`,
      hint: 'run it again: they are made one before anything is started',
    }),
  ],
  [diskFull, () => fullDisk],
]

/** Null for words that nobody has explained yet. `directory` is the stacklet's. */
export function explainFailure(words: string, directory: string): Explanation | null {
  for (const [shape, explain] of known) {
    const found = shape.exec(words)
    if (found !== null) return explain(found[1] ?? '', `stacklets/${basename(directory)}/docker-compose.yml`)
  }
  return null
}

/** The same for words that may be about anything on this host: null unless its disk is full. */
export function explainFullDisk(words: string): Explanation | null {
  return diskFull.test(words) ? fullDisk : null
}
