import type { PortHolder } from '../model/port-holder.ts'

/** Who listens on this machine, as far as this user may see. */
export interface Listeners {
  /** Programs alone: Docker's own that pass on for containers are left out. Never throws. */
  programs(): Promise<readonly PortHolder[]>
}
