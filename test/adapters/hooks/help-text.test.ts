import { expect, it } from 'vitest'

import { helpText } from '../../../reconciler/adapters/hooks/help-text.ts'

it.each([
  ['HELP = "Send it"', 'Send it'],
  ["HELP = 'Don\\'t send'", "Don't send"],
  ['HELP: str = """\nSend it\nnow\n"""\n', 'Send it\nnow'],
  ['HELP = r"a\\d"', 'ad'],
  ['HELP = (\n    "one "\n    "two"\n)\nOTHER = "three"', 'one two'],
  ['HELP = "one"\n"two"', 'one'],
  ["export const HELP = 'Send it'", 'Send it'],
  ['export const HELP: string = `Send\nit`', 'Send\nit'],
  ["const HELP = 'one ' +\n  'two'", 'one two'],
  ['import x\n\nHELP="late"', 'late'],
  ['    HELP = "not at the module\'s level"', ''],
  ['HELP = make_help()', ''],
  ['HELPER = "no"', ''],
  ['', ''],
])('reads what %j says', (source, help) => {
  expect(helpText(source)).toBe(help)
})
