/** The agent in a guest, however it is reached: by its channel's socket, or through libvirt. */
export interface GuestAgent {
  /** Waits until the guest agent has answered, then asks. Throws GuestFailure. */
  call(command: string, parameters: object, deadlineMs: number): Promise<unknown>
  /**
   * Asks what is to be done after whatever the guest agent is busy with, or was sent before, also
   * when nobody listens any more.
   */
  callAfterAll(command: string, deadlineMs: number): Promise<unknown>
  close(): void
}
