/** A process that edits, `edit-contender.ts INSTANCE WORD`, one of many started at once by instance-editor.test.ts. */
import { instanceEditor } from '../../../reconciler/adapters/git/instance-editor.ts'

const [instance = '', word = ''] = process.argv.slice(2)
const request = {
  path: 'desired/desired.toml',
  edit: (text: string | null) => `${text ?? ''}# ${word}\n`,
  message: `add ${word}`,
  signed: false,
  remote: null,
  branch: null,
  onWait: (sentence: string) => process.stdout.write(`${sentence}\n`),
}
await instanceEditor({ instance }).commitFile(request, new AbortController().signal)
