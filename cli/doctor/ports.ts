import { createServer } from 'node:net'
import { formatAddress, parseAddress } from '../../core/model/address.ts'
import { wrongUsage } from '../failure.ts'
import { fine, type Finding, lacking, reasonOf } from './finding.ts'

/** Whether the server could listen there: tried, and let go at once. */
export async function checkPort(option: string, text: string): Promise<Finding> {
  const address = parseAddress(text)
  if (!address) throw wrongUsage(`${option}: ${text} is no HOST:PORT`)
  const name = `port ${formatAddress(address)}`
  const problem = await new Promise<Error | undefined>((resolve) => {
    const server = createServer()
    server.once('error', resolve)
    server.listen(address.port, address.host, () => server.close(() => resolve(undefined)))
  })
  if (!problem) return fine(name, 'free')
  const hint = `is a server running here already? else choose another by ${option}`
  return lacking(name, reasonOf(problem), hint)
}
