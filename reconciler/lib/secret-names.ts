const secretWords =
  /(?:^|[_.-])(?:[A-Z]*PASSWORD|PASS|[A-Z]*PASSWD|PASSPHRASE|[A-Z]*SECRET|[A-Z]*TOKEN|[A-Z]*KEY|CREDENTIALS?)(?:$|[_.-])/i
/** Words that say something about a secret and are none. */
const harmlessEnd =
  /[_.-](?:FILE|PATH|DIR|URL|URI|HOST|NAME|ID|TYPE|ALGORITHM|TTL|EXPIRY|EXPIRES|EXPIRATION|LIFETIME|AGE|LENGTH|SIZE|LIMIT|ENABLED|DISABLED|REQUIRED|POLICY|ROUNDS|HEADER|FIELD|PREFIX|FORMAT)$/i

/** Whether a name says that its value is nobody's business. */
export function isSecretName(name: string): boolean {
  return secretWords.test(name) && !harmlessEnd.test(name)
}

const assignment = /^([-+ ]?\s*(?:-\s+)?["']?)([\w.-]+)(["']?\s*[:=]\s*)\S.*$/

/** A line of a file, or of a diff, without its value where its name says so: `DB_PASSWORD=***`. */
export function withoutSecretValue(line: string): string {
  const [, before = '', name = '', sign = ''] = assignment.exec(line) ?? []
  return isSecretName(name) ? `${before}${name}${sign}***` : line
}
