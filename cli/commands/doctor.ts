import { Option } from 'commander'
import { type Input, local, type Register } from '../command.ts'
import { collect } from '../input/operand.ts'
import type { Outcome } from '../outcome.ts'
import { renderTable, type Column } from '../output/table.ts'
import type { Finding } from '../doctor/finding.ts'

export interface DoctorOptions {
  readonly role: 'server' | 'agent' | 'both'
  readonly data?: string
  readonly store?: readonly string[]
  readonly images?: readonly string[]
  readonly listen: string
  readonly agents: string
}

export const registerDoctor: Register = (program, context) => {
  const description = 'What this machine lacks, before anything fails'
  local<DoctorOptions>(program, 'doctor', description, context, doctor)
    .addOption(
      new Option('--role <role>', 'what will run here')
        .choices(['server', 'agent', 'both'])
        .default('both'),
    )
    .option('--data <dir>', 'the data folder that is planned')
    .option('--store <dir>', 'a volume of the store that is planned; may be given again', collect)
    .option('--images <dir>', 'images that are to be protected; may be given again', collect)
    .option('--listen <address>', 'where operators will connect', '127.0.0.1:7400')
    .option('--agents <address>', 'where agents will connect', '127.0.0.1:7401')
    .addHelpText('after', '\nExit status 1 if something needed is lacking; advice does not count.')
}

async function doctor({ options, context }: Input<DoctorOptions>): Promise<Outcome> {
  const { examine } = await import('../doctor/examine.ts')
  const checks = await examine(options, context)
  const ok = checks.every((check) => check.ok || !check.needed)
  const hints = checks.flatMap(({ name, hint }) => (hint === null ? [] : `${name}: ${hint}\n`))
  const text = renderTable(checks, COLUMNS) + (hints.length > 0 ? `\n${hints.join('')}` : '')
  return { document: { ok, checks }, text, negative: !ok }
}

const COLUMNS: readonly Column<Finding>[] = [
  { title: 'CHECK', value: (check) => check.name },
  { title: 'RESULT', value: verdict },
  { title: 'DETAIL', value: (check) => check.detail },
]

function verdict({ ok, needed }: Finding): string {
  if (ok) return 'ok'
  return needed ? 'LACKING' : 'advice'
}
