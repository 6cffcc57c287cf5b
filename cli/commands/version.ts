import { productVersion } from '../../core/runtime/version.ts'
import { local, type Register } from '../command.ts'

export const registerVersion: Register = (program, context) => {
  local(
    program,
    'version',
    'Version of this command and of the Node it runs on',
    context,
    async () => {
      const document = {
        version: await productVersion(),
        node: process.version,
        arch: process.arch,
      }
      const text = `holdfast ${document.version} (Node ${document.node.slice(1)}, ${document.arch})\n`
      return { document, text }
    },
  )
}
