/* Freezes the guest of the given socket, says so, and waits to be killed. */
import { KeptFreeze } from '../../agent/guest/kept-freeze.ts'

const freeze = await KeptFreeze.begin(process.argv[2] ?? '')
process.stdout.write(`${freeze.frozen.fileSystems}\n`)
setInterval(() => {}, 1000)
