import { rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, it } from 'vitest'
import { atTheEnd } from './support/at-the-end.ts'
import { type BadInput, isToldAndHarmless, type RunningHost, runningHost } from './support/bad-input.ts'

const onEnd = atTheEnd()
let running: RunningHost
beforeAll(async () => {
  running = await runningHost({ onEnd })
})

type Row = readonly [name: string, text: string | Uint8Array, at: string, message: RegExp, hint: RegExp]

const service = 'services:\n  web:\n    image: busybox\n'

/** Each is one stacklet.toml of the stacklet that runs, whose id is `ID`. */
const manifests: readonly Row[] = [
  ['no TOML', 'name = "x\n', ':1:10', /not valid TOML/, /close the quotes/],
  ['another id', 'id = "other"\n', ':1:6', /id is "other", but the directory is called/, /rename the directory/],
  ['an id that leads out', 'id = "../ID"\n', ':1:6', /but the directory is called/, /write id = /],
  ['a port in words', 'port = "http"\n', ':1:8', /port must be a whole number|port must be a number/, /change/],
  ['a port out of range', 'port = 70000\n', ':1:8', /must be 65535 or less/, /change/],
  ['a lone brace', '[env.defaults]\nA = "x}"\n', ':2:7', /a } without a {/, /\}\}/],
  ['an attribute in a template', '[env.defaults]\nA = "{data_dir.foo}"\n', ':2:6', /reaches into/, /\{data_dir\}/],
  [
    'a variable name with a space',
    '[env.defaults]\n"A B" = "x"\n',
    ':2:1',
    /not the name of an environment/,
    /letters/,
  ],
  ['a health URL that is none', '[health]\nurl = "localhost:80"\n', ':2:7', /must begin with http/, /change/],
  ['a time-out that is none', '[health]\ntimeout = "soon"\n', ':2:11', /must be a number of seconds/, /change/],
  ['bytes that are no text', new Uint8Array([0x69, 0x64, 0xff, 0xfe, 0x00]), '', /not UTF-8/, /save it as UTF-8/],
  ['a NUL', 'name = "a\\u0000b"\n', ':1:8', /cannot hold a NUL/, /take it out/],
]

/** Each is its docker-compose.yml. */
const composeFiles: readonly Row[] = [
  ['no YAML', 'services:\n\tweb: {}\n', ':2:1', /YAML/, /indent with spaces|mend the YAML/],
  ['a list at the top', '- web\n', '', /services/, /services/],
  ['no services', 'name: stack-ID\n', ':1:1', /has no services/, /delete the file/],
  ['a key there is not', `${service}    imaeg: busybox\n`, ':4:5', /imaeg/, /compose-file/],
  [
    'a variable nobody sets',
    `${service}    command: "\${PASWORD}"\n`,
    ':4:15',
    /\$\{PASWORD\}, which is not set/,
    /env.defaults/,
  ],
  ['a variable that is required', `${service}    command: "\${KEY:?is needed}"\n`, ':4:5', /KEY.*is needed/, /./],
  ['an env_file there is not', `${service}    env_file: other.env\n`, ':4:15', /other.env/, /./],
  ['a port that is none', `${service}    ports: ["http:80"]\n`, ':4:14', /Invalid hostPort: http/, /./],
  ['no image', 'services:\n  web: {}\n', ':2:3', /neither an image nor a build/, /./],
  ['a network there is not', `${service}    networks: [none]\n`, ':2:3', /undefined network none/, /./],
  ['a dependency there is not', `${service}    depends_on: [db]\n`, ':2:3', /undefined service "db"/, /./],
  ['bytes that are no text', new Uint8Array([0x73, 0xff, 0xfe]), '', /not UTF-8/, /save it as UTF-8/],
]

const links: readonly BadInput[] = [
  linked('stacklets/ID/stacklet.toml', '/etc/hostname'),
  linked('stacklets/ID/docker-compose.yml', '../../../outside.yml'),
  linked('stacklets/ID/page.html', '/etc/passwd'),
  linked('stacklets/ID/loop', 'loop'),
  {
    name: 'a declared stacklet that is a link',
    files: { 'desired/desired.toml': '[stacklets.ID]\n[stacklets.linked]\n' },
    spoil: ({ folder }) => symlink('/etc', join(folder, 'stacklets/linked')),
    at: 'stacklets/linked',
    message: /is a link/,
    hint: /the directory itself/,
    stalls: 'stacklet',
  },
]

const elsewhere: readonly BadInput[] = [
  undeclared('stacklet.toml', 'port = "http"\n', ':1:8', /must be/),
  undeclared('stacklet.toml', new Uint8Array([0xff, 0xfe]), '', /not UTF-8/),
  undeclared('docker-compose.yml', 'services: [', ':1:12', /YAML/),
]

const table = [
  ...manifests.map((row) => inputIn('stacklets/ID/stacklet.toml', row)),
  ...composeFiles.map((row) => inputIn('stacklets/ID/docker-compose.yml', row)),
  ...links,
  ...elsewhere,
]

const named = table.map((bad) => [bad.name, bad] as const)
it.for(named)('%s is told with its place and what to do, and harms nothing', ([, bad]) =>
  isToldAndHarmless(running, bad),
)

function inputIn(file: string, [name, text, at, message, hint]: Row): BadInput {
  return { name: `${file}: ${name}`, files: { [file]: text }, at: file + at, message, hint, stalls: 'stacklet' }
}

function linked(path: string, target: string): BadInput {
  return {
    name: `${path} that links to ${target}`,
    spoil: async ({ folder }, id) => {
      const place = join(folder, path.replace('ID', id))
      await rm(place, { force: true })
      await symlink(target, place)
    },
    at: path,
    message: /points to something outside of the repository/,
    hint: /take the link out/,
    stalls: 'stacklet',
  }
}

function undeclared(file: string, text: string | Uint8Array, at: string, message: RegExp): BadInput {
  return {
    name: `an undeclared ${file} with ${message}`,
    spoil: async (host) => {
      await host.write('stacklets/draft/stacklet.toml', '')
      await host.write(`stacklets/draft/${file}`, text)
    },
    at: `stacklets/draft/${file}${at}`,
    message,
    hint: /./,
    stalls: 'nothing',
  }
}
