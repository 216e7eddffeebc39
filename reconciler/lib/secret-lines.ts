const words = 'passw(?:or)?d|passphrase|secret|token|api_?key|private_?key|credential'
const secretName = new RegExp(words, 'i')
const secretLine = new RegExp(`^(.*?\\b[\\w.-]*(?:${words})[\\w.-]*["']?\\s*[:=]\\s*)\\S.*$`, 'i')

/** Whether a name says that its value is nobody's business. */
export function isSecretName(name: string): boolean {
  return secretName.test(name)
}

/** The line without its value, where its name says so: `DB_PASSWORD=***`. */
export function withoutSecretValue(line: string): string {
  return line.replace(secretLine, '$1***')
}
