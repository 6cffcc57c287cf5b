import { ROLES, type Role } from '../../core/model/role.ts'
import { METHODS, type MethodName, type Rule } from '../../server/access/methods.ts'

/** The table of docs/operations.md: a line a method, a column a role. */
export function roleTable(): string {
  const head = ['method', ...ROLES, 'with a scope']
  const rows = (Object.entries(METHODS) as [MethodName, Rule][]).map(([name, rule]) => [
    name,
    ...ROLES.map((role) => cell(rule, role)),
    SCOPED[rule.scoped],
  ])
  const widths = head.map((title, i) =>
    Math.max(title.length, ...rows.map((row) => row[i]!.length)),
  )
  const line = (cells: readonly string[]) =>
    `| ${cells.map((text, i) => text.padEnd(widths[i]!)).join(' | ')} |`
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n')
}

function cell(rule: Rule, role: Role): string {
  if (!rule.roles.includes(role)) return '-'
  const limited = role === 'self-service' && (rule.selfService !== undefined || rule.own)
  return limited ? 'limited' : 'yes'
}

const SCOPED = { no: 'refused', named: 'what they see', filtered: 'what they see' } as const
