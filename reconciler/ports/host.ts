import type { StackletId } from '../model/names.ts'

/** What this machine is and remembers about itself. */
export interface Host {
  /** What is known without writing anything. Throws `STACK_HOST_CHANGED` when two sources of the host's name disagree. */
  facts(configured: string | null): Promise<HostFacts>
  /** Makes what is missing of instance id, host name and address durable under `.stack/`, and answers it. Writes nothing twice. */
  keep(facts: HostFacts): Promise<HostFacts & { readonly instance: string }>
  /** What `stack approve` noted and the ids that were there when a run last converged. */
  memory(): Promise<HostMemory>
  /** Writes down what the edit makes of the memory, and nobody else changes it meanwhile. The same memory again: nothing is written. */
  remember(edit: (memory: HostMemory) => HostMemory): Promise<void>
}

export interface HostFacts {
  /** The random id in `.stack/instance-id`, null before the first run. */
  readonly instance: string | null
  readonly name: string
  /** The address other machines reach this host by; `localhost` when there is none. */
  readonly address: string
  /** Absolute folder of what the instance keeps for itself. */
  readonly stateDir: string
  /** Who we are to the system: `1000:1000`. */
  readonly owner: string
  /**
   * A setting for the network of a program that reopens its sockets. From Linux 5.14 on, a listener that takes its place inherits the
   * connections that a closed one had not accepted yet; an older kernel is told what Docker sets anyway, because it refuses unknown names.
   */
  readonly listenSysctl: string
}

export interface HostMemory {
  readonly approvals: readonly string[]
  readonly converged: readonly StackletId[]
}
