import { isSecretName } from '../lib/secret-names.ts'
import type { ComposeProject, ComposeService } from '../model/compose-project.ts'
import type { RenderedEnv } from '../model/desired.ts'

/** The project without the secrets that its builds are told: what is remembered of it holds none. */
export function withoutSecrets(project: ComposeProject, { values }: RenderedEnv): ComposeProject {
  const secrets = values.filter(({ name, isSecret }) => isSecret || isSecretName(name)).map(({ text }) => text.reveal())
  const telling = secrets.filter((text) => text !== '')
  return { ...project, services: project.services.map((service) => withPlainArgs(service, telling)) }
}

function withPlainArgs(service: ComposeService, secrets: readonly string[]): ComposeService {
  if (service.words === undefined) return service
  const plain = Object.entries(service.words.args).map(([name, value]) => {
    const isTelling = isSecretName(name) || secrets.some((text) => value?.includes(text))
    return [name, isTelling ? null : value] as const
  })
  return { ...service, words: { ...service.words, args: Object.fromEntries(plain) } }
}
