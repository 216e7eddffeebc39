import { exitCodes } from '../exit-codes.ts'
import { whyDocument, whyLines } from '../show/why.ts'
import type { CommandContext, JsonOption } from './command.ts'

export async function why({ terminal, reconciler }: CommandContext, id: string, { json }: JsonOption): Promise<number> {
  const answer = await (await reconciler()).why(id, terminal.signal)
  if (json === true) terminal.print(whyDocument(answer))
  else for (const line of whyLines(answer, terminal)) terminal.print(line)
  return exitCodes.done
}
