import { endianness } from 'node:os'
import { HoldfastError } from '../../core/model/error.ts'

/**
 * libvirt's save image, as `virsh restore` reads it: a head, the VM's XML with a zero byte behind it,
 * padding, and QEMU's stream of memory and devices to the end of the file. Numbers are in the order of
 * the machine that wrote them. What follows QEMU's own end of the stream is not read.
 */
const MAGIC = 'LibvirtQemudSave'
const VERSION = 2
const RUNNING = 1
const UNCOMPRESSED = 0
const HEAD_WORDS = 19
const HEAD_BYTES = MAGIC.length + HEAD_WORDS * 4

/** Room for all of that before the stream; definitions have some kilobytes. */
export const SAVE_HEAD_BYTES = 1024 * 1024

/** Of exactly `bytes`. The VM runs once it is loaded. */
export function saveHead(xml: string, bytes: number): Buffer {
  const head = Buffer.alloc(bytes)
  const text = Buffer.from(xml)
  if (HEAD_BYTES + text.length + 1 > bytes)
    throw new HoldfastError('host-lacks', 'the definition of the VM is too long for a save image', {
      hint: 'Restore with --discard-memory.',
    })
  head.write(MAGIC, 'latin1')
  const words = [VERSION, bytes - HEAD_BYTES, RUNNING, UNCOMPRESSED]
  for (const [at, word] of words.entries()) {
    if (endianness() === 'LE') head.writeUInt32LE(word, MAGIC.length + at * 4)
    else head.writeUInt32BE(word, MAGIC.length + at * 4)
  }
  text.copy(head, HEAD_BYTES)
  return head
}
