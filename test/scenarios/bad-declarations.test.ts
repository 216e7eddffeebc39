import { beforeAll, it } from 'vitest'
import { atTheEnd } from './support/at-the-end.ts'
import { type BadInput, isToldAndHarmless, type RunningHost, runningHost } from './support/bad-input.ts'

const onEnd = atTheEnd()
let running: RunningHost
beforeAll(async () => {
  running = await runningHost({ onEnd })
})

const list = '[stacklets.ID]\n'
const bare = (id: string) => ({ [`stacklets/${id}/stacklet.toml`]: `id = "${id}"\n` })

type Row = readonly [name: string, text: string, at: string, message: RegExp, hint: RegExp, files?: BadInput['files']]

/** Each is one desired.toml; `ID` stands for the stacklet that runs. */
const desired: readonly Row[] = [
  ['a file that is no TOML', `${list}state = \n`, '2:9', /not valid TOML/, /in quotes/],
  ['a list where a table belongs', 'stacklets = ["ID"]\n', '1:13', /stacklets must be a table, not a list/, /change/],
  ['a state there is not', `${list}state = "runing"\n`, '2:9', /must be "running", .* or "absent"/, /mean "running"/],
  ['a key there is not', `${list}stat = "running"\n`, '2:1', /stat is not a known key/, /mean "state"/],
  ['a number where text belongs', `${list}requires = [1]\n`, '2:13', /must be text, not 1/, /change/],
  ['a bad duration', `[reconcile]\ninterval = "5 parsecs"\n${list}`, '2:12', /must be a duration/, /change/],
  ['a bad cron line', `[reconcile]\nschedule = "0 0 99 * * *"\n${list}`, '2:12', /must be a cron line/, /hour/i],
  ['a stacklet there is not', `${list}[stacklets.photoz]\n`, '2:12', /no stacklets\/photoz\//, /take the entry out/],
  ['a reserved id', `${list}[stacklets.plan]\n`, '2:12', /"plan" is a command/, /another name/, bare('plan')],
  ['the id ..', `${list}[stacklets.".."]\n`, '2:12', /".." is not a name/, /lower case/],
  ['the id a/b', `${list}[stacklets."a/b"]\n`, '2:12', /"a\/b" is not a name/, /lower case/],
  ['an absolute path as id', `${list}[stacklets."/etc"]\n`, '2:12', /"\/etc" is not a name/, /lower case/],
  ['an id that looks like a flag', `${list}[stacklets.-rf]\n`, '2:12', /"-rf" is not a name/, /lower case/],
  ['an id of 80 letters', `${list}[stacklets.${'x'.repeat(80)}]\n`, '2:12', /is not a name/, /lower case/],
  [
    'a requirement there is not',
    `${list}requires = ["datbase"]\n`,
    '2:13',
    /datbase, which does not exist/,
    /add stackl/,
  ],
  ['a requirement not listed', `${list}requires = ["db"]\n`, '2:13', /db, which .* does not list/, /up db/, bare('db')],
  ...['stopped', 'absent'].map((state): Row => {
    const text = `${list}requires = ["db"]\n[stacklets.db]\nstate = "${state}"\n`
    return [
      `a requirement that is ${state}`,
      text,
      '2:13',
      RegExp(`db, which is declared ${state}`),
      /up db/,
      bare('db'),
    ]
  }),
  [
    'a circle of requirements',
    `${list}requires = ["b"]\n[stacklets.b]\nrequires = ["c"]\n[stacklets.c]\nrequires = ["b"]\n`,
    '4:13',
    /b → c → b/,
    /take one/,
    { ...bare('b'), ...bare('c') },
  ],
  ['a template that is none', `${list}env = { A = "{x!r}" }\n`, '2:14', /asks for a conversion/, /write \{x\}/],
  ['what is not built yet', `${list}[apps.erp]\nimage = "erp"\n`, '2:7', /cannot be deployed yet/, /as a stacklet/],
  ['a BOM, and then no TOML', `\ufeff${list}state = 1\n`, '2:9', /must be "running"/, /change/],
  ['Windows lines, and then no TOML', `${list.trim()}\r\nstate = 1\r\n`, '2:9', /must be "running"/, /change/],
]

const settings: readonly Row[] = [
  ['a file that is no TOML', '[core\ntimezone = "UTC"\n', '1:6', /not valid TOML/, /close the bracket: \[core\]/],
  [
    'a time zone there is not',
    '[core]\ntimezone = "Europe/Berln"\n',
    '2:12',
    /must be a time zone/,
    /"Europe\/Berlin"/,
  ],
  ['a data folder upwards', '[core]\ndata_dir = "/srv/../etc"\n', '2:12', /must not lead upwards/, /whole path/],
  ['a misspelt key', '[core]\ndatadir = "/srv/data"\n', '2:1', /core.datadir is not a known key/, /mean "data_dir"/],
]

const users: readonly Row[] = [
  ['a file that is no TOML', '[[users]]\nname = "A\n', '2:10', /not valid TOML/, /close the quotes/],
  [
    'two of one name',
    '[[users]]\nname = "Ann"\n[[users]]\nname = "ann"\n',
    '4:8',
    /two users called "ann"/,
    /another id/,
  ],
]

const table = [
  ...desired.map((row) => inputIn('desired/desired.toml', row)),
  ...settings.map((row) => inputIn('stack.toml', row)),
  ...users.map((row) => inputIn('users.toml', row)),
]

const named = table.map((bad) => [bad.name, bad] as const)
it.for(named)('%s is told with its place and what to do, and harms nothing', ([, bad]) =>
  isToldAndHarmless(running, bad),
)

function inputIn(file: string, [name, text, at, message, hint, more]: Row): BadInput {
  const files = { ...more, [file]: text }
  return { name: `${file}: ${name}`, files, at: `${file}:${at}`, message, hint, stalls: 'run' }
}
