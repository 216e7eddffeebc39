/** Which moment of each schedule was last served: `.stack/slots.json`, 0600, atomic. What cannot be read counts as never. */
export interface Slots {
  /** ISO 8601; null where none was. */
  last(name: string): Promise<string | null>
  note(name: string, slot: string): Promise<void>
}
