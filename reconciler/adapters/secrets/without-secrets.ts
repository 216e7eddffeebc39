import { StackError } from '../../model/errors.ts'
import type { Compose, ComposeAnswer } from '../../ports/compose.ts'
import type { ContainerEngine } from '../../ports/container-engine.ts'
import type { Prober } from '../../ports/prober.ts'

type Scrub = (text: string) => string

interface Outspoken {
  readonly compose: Compose
  readonly engine: ContainerEngine
  readonly prober: Prober
}

/** The same parts, with `***` in place of secrets in whatever they say. The others among them are left as they are. */
export function withoutSecrets<Parts extends Outspoken>(parts: Parts, scrub: Scrub): Parts {
  const { compose, engine, prober } = parts
  return {
    ...parts,
    compose: composeWithoutSecrets(compose, scrub),
    engine: engineWithoutSecrets(engine, scrub),
    prober: proberWithoutSecrets(prober, scrub),
  }
}

/** Compose quotes values of the file it refuses, and passes on what containers and registries say. */
function composeWithoutSecrets(compose: Compose, scrub: Scrub): Compose {
  const safe = scrubbing(scrub)
  return {
    resolve: safe(async (...request) => scrubbedAnswer(await compose.resolve(...request), scrub)),
    pull: safe(compose.pull),
    build: safe(compose.build),
    up: safe(compose.up),
    end: safe(compose.end),
  }
}

/** A program may print its own environment when it dies. */
function engineWithoutSecrets(engine: ContainerEngine, scrub: Scrub): ContainerEngine {
  const safe = scrubbing(scrub)
  return {
    look: safe(engine.look),
    act: safe(engine.act),
    createNetwork: safe(engine.createNetwork),
    discard: safe(engine.discard),
    lastLines: safe(async (...question) => (await engine.lastLines(...question)).map(scrub)),
  }
}

/** A service may repeat what it knows. */
function proberWithoutSecrets(prober: Prober, scrub: Scrub): Prober {
  return {
    async ask(...question) {
      const { passed, why } = await prober.ask(...question)
      return { passed, why: scrub(why) }
    },
  }
}

type Call<Words extends readonly unknown[], Answer> = (...words: Words) => Promise<Answer>

function scrubbing(scrub: Scrub) {
  return <Words extends readonly unknown[], Answer>(call: Call<Words, Answer>): Call<Words, Answer> =>
    (...words) =>
      call(...words).catch((thrown: unknown) => {
        throw scrubbed(thrown, scrub)
      })
}

function scrubbed(thrown: unknown, scrub: Scrub): unknown {
  if (thrown instanceof StackError) {
    const { code, message, hint, at, terminal, output, cause } = thrown
    return new StackError(code, scrub(message), { hint: scrub(hint), at, terminal, output: output.map(scrub), cause })
  }
  if (thrown instanceof Error) {
    thrown.message = scrub(thrown.message)
    if (thrown.stack !== undefined) thrown.stack = scrub(thrown.stack)
  }
  return thrown
}

function scrubbedAnswer(answer: ComposeAnswer, scrub: Scrub): ComposeAnswer {
  if (answer.kind === 'resolved') return answer
  const complaints = answer.complaints.map((complaint) => ({
    ...complaint,
    message: scrub(complaint.message),
    hint: scrub(complaint.hint),
  }))
  return { kind: 'refused', complaints }
}
