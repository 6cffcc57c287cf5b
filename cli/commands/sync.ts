import { remote, type Register } from '../command.ts'
import { requireTarget, targetOf, type TargetOptions } from '../input/target.ts'
import { failuresOf, isIncomplete, runTransfers, warningsOf } from '../waiting/transfers.ts'
import { transferTable } from '../output/transfer-table.ts'

export const registerSync: Register = (program, context) => {
  const description = 'Bring the replicas of data sources up to date, without a recovery point'
  remote<TargetOptions>(
    program,
    'sync [sources...]',
    description,
    context,
    async (input) => {
      const { client, args, options } = input
      const request = { ...targetOf(args, options), kind: 'synchronize' as const }
      const { results, detached } = await runTransfers(client, context, request, options.wait)
      return {
        document: results.map(({ entry }) => entry),
        text: transferTable(results),
        failures: failuresOf(results),
        warnings: warningsOf(results),
        negative: detached || isIncomplete(results),
      }
    },
    requireTarget,
  )
    .option('--group <group>', 'all members of this group')
    .option('--no-wait', 'return when the jobs are started')
}
