import type { ReadReply, ReadTask } from './read-task.ts'
/** The threads that read and compress, and their buffers; one for all transfers of the agent. */
export interface ReadPool {
  readonly workers: number
  read(task: Omit<ReadTask, 'buffers'>): Promise<ReadReply>
  /** Call when the frames of a reply are sent: their memory is used again. */
  giveBack(buffers: readonly ArrayBuffer[]): void
  close(): Promise<void>
}
export declare function openReadPool(workers?: number): ReadPool
