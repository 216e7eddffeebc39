import { exitCodes } from '../exit-codes.ts'
import { adminDocument, adminLines, settingsDocument, settingsLines } from '../show/config.ts'
import { document } from '../show/json.ts'
import type { CommandContext, JsonOption } from './command.ts'

export async function config({ terminal, reconciler }: CommandContext, { json }: JsonOption): Promise<number> {
  const instance = await reconciler()
  const shown = await instance.settings(terminal.signal)
  if (json === true) terminal.print(settingsDocument(instance.instance, shown))
  else for (const line of settingsLines(instance.instance, shown, terminal)) terminal.print(line)
  return exitCodes.done
}

/** The password is for a person's eyes: a pipe, a log or a script gets to know how to ask for it. */
export async function configAdmin({ terminal, reconciler }: CommandContext, { json }: JsonOption): Promise<number> {
  const { admin } = await (await reconciler()).settings(terminal.signal)
  if (json === true) terminal.print(adminDocument(admin))
  else for (const line of adminLines(admin, terminal)) terminal.print(line)
  return exitCodes.done
}

/** As it is, for a file or a trust store. */
export async function configCa({ terminal, reconciler }: CommandContext, { json }: JsonOption): Promise<number> {
  const certificate = await (await reconciler()).rootCertificate(terminal.signal)
  terminal.print(json === true ? document({ certificate }) : certificate.trimEnd())
  return exitCodes.done
}
