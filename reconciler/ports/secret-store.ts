import type { Secret } from '../model/secret.ts'

/**
 * `.stack/secrets.toml`: a flat table, 0600 from the first byte, replaced atomically under a lock that holds between
 * processes. A file that cannot be parsed is `STACK_SECRETS_BROKEN` and is left exactly as it is.
 */
export interface SecretStore {
  /** Everything, by full name (`photos__DB_PASSWORD`, `global__ADMIN_PASSWORD`); empty when there is no file. */
  read(): Promise<Readonly<Record<string, Secret>>>
  /** Makes the missing ones of these and leaves those that have a non-empty value. Answers the names that were made. */
  ensure(wanted: readonly WantedSecret[], signal: AbortSignal): Promise<readonly string[]>
  /** Makes a new value in place of the one there is, which is kept under `<name>__previous` unless one is kept already. */
  rotate(secret: WantedSecret, signal: AbortSignal): Promise<void>
  /** Writes one value, whatever was there. */
  set(name: string, value: Secret, signal: AbortSignal): Promise<void>
  /** Removes these names; those that are not there are no error. */
  remove(names: readonly string[], signal: AbortSignal): Promise<void>
}

export interface WantedSecret {
  readonly name: string
  /** service: 32 letters and digits; typed: 8 lower case letters and digits, for a person on a phone. */
  readonly shape: 'service' | 'typed'
}
