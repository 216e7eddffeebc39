/** Whether an image was signed by whom a key belongs to. */
export interface ImageVerifier {
  /** Null when it was; else why it must not run. That the program is missing is such a reason. Asks the registry, pulls nothing. */
  verify(request: VerifyRequest, signal: AbortSignal): Promise<string | null>
}

export interface VerifyRequest {
  /** `name@sha256:…` */
  readonly reference: string
  /** The public key, relative to the instance. */
  readonly key: string
  /** Whether the public log of signatures (Rekor) must have it; that is asked then, in the internet. */
  readonly log: boolean
}
