/** One thing that a configuration file says otherwise than the server has it. */
export interface Step {
  readonly kind: 'group' | 'source' | 'host'
  readonly name: string
  readonly action: 'create' | 'change' | 'end'
  /** What would come of it, a sentence each. */
  readonly changes: readonly string[]
  readonly warnings: readonly string[]
  /** Gives a sentence for each thing that could not be done as wished. */
  carryOut(): Promise<readonly string[]>
}
