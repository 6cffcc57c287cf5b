import { ROLES, type Role } from '../../core/model/role.ts'
import { METHODS, type MethodName, type Rule } from '../../server/access/methods.ts'

// Fixed, so that a new method is a new line and nothing else.
const WIDTHS = [26, 5, 8, 17, 12, 6, 13]

/** The table of docs/operations.md: a line a method, a column a role. */
export function roleTable(): string {
  const head = ['method', ...ROLES, 'with a scope']
  const rows = (Object.entries(METHODS) as [MethodName, Rule][]).map(([name, rule]) => [
    name,
    ...ROLES.map((role) => cell(rule, role)),
    SCOPED[rule.scoped],
  ])
  const line = (cells: readonly string[]) =>
    `| ${cells.map((text, i) => text.padEnd(WIDTHS[i]!)).join(' | ')} |`
  return [line(head), line(WIDTHS.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n')
}

function cell(rule: Rule, role: Role): string {
  if (!rule.roles.includes(role)) return '-'
  const limited = role === 'self-service' && (rule.selfService !== undefined || rule.own)
  return limited ? 'limited' : 'yes'
}

const SCOPED = { no: 'refused', named: 'what they see', filtered: 'what they see' } as const
