import { VERSION } from '../../core/model/release.ts'
import { local, type Register } from '../command.ts'

export const registerVersion: Register = (program, context) => {
  const description = 'Version of this command and of the Node it runs on'
  local(program, 'version', description, context, async () => {
    const document = { version: VERSION, node: process.version, arch: process.arch }
    const text = `holdfast ${VERSION} (Node ${process.versions.node}, ${process.arch})\n`
    return { document, text }
  })
}
