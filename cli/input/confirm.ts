import { HoldfastError } from '../../core/model/error.ts'
import type { Context } from '../context.ts'
import { printable } from '../output/table.ts'

/**
 * Asks before something is destroyed or overwritten; `touched` names it, line by line. Throws when
 * the answer is no, and when there is nobody to ask and no `--yes`.
 */
export async function confirm(
  { terminal }: Context,
  question: string,
  touched: readonly string[],
  yes: boolean | undefined,
): Promise<void> {
  if (yes === true) return
  const list = touched.map((line) => `  ${printable(line)}\n`).join('')
  if (!terminal.canAsk) {
    throw new HoldfastError('confirmation-needed', `${question} ${touched.join('; ')}`.trim(), {
      hint: 'nothing was done; add --yes to do it without being asked',
    })
  }
  terminal.err(list)
  const answer = await terminal.ask(`${printable(question)} [y/N] `)
  if (answer !== undefined && /^y(es)?$/i.test(answer.trim())) return
  throw new HoldfastError('confirmation-needed', 'not confirmed, nothing was done')
}
