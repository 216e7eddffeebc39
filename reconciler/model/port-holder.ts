/** Something on this host that has a port. */
export interface PortHolder {
  /** `0.0.0.0` or `::` for every address. */
  readonly address: string
  readonly port: number
  readonly protocol: string
  /** The container that publishes it; null for a program of the host. */
  readonly container: HoldingContainer | null
  /** Null where it is a container, and where the system does not tell this user. */
  readonly process: { readonly pid: number; readonly program: string } | null
}

export interface HoldingContainer {
  readonly name: string
  readonly project: string | null
  readonly instance: string | null
  readonly stacklet: string | null
}
