import { Button, Label } from '@patternfly/react-core'
import { useState } from 'react'
import type { OperatorInfo } from '../api/documents.ts'
import { useDocument } from '../api/use-api.ts'
import { ListTable } from '../shown/list-table.tsx'
import { Loaded } from '../shown/loaded.tsx'
import { Moment } from '../shown/moment.tsx'
import { Page } from '../shown/page.tsx'
import { useWords, type Words } from '../words/words.tsx'
import { AddOperator } from './add-operator.tsx'
import { OperatorActions } from './operator-actions.tsx'

/** Who may do what, and with what they get in. */
export function Operators() {
  const { places, operators: words } = useWords()
  const operators = useDocument<{ operators: OperatorInfo[] }>(['operators'])
  const [adding, setAdding] = useState(false)
  const add = <Button onClick={() => setAdding(true)}>{words.add}</Button>
  return (
    <Page title={places.operators} actions={add}>
      {adding && <AddOperator onClose={() => setAdding(false)} />}
      <Loaded of={operators}>{({ operators }) => <List operators={operators} />}</Loaded>
    </Page>
  )
}

function List({ operators }: { readonly operators: readonly OperatorInfo[] }) {
  const { places, operators: words, actions } = useWords()
  return (
    <ListTable
      label={places.operators}
      rows={operators}
      keyOf={({ id }) => id}
      empty={words.none}
      columns={[
        { title: words.name, show: ({ name }) => name, sortBy: ({ name }) => name },
        { title: words.role, show: ({ role }) => <Role role={role} />, sortBy: ({ role }) => role },
        { title: words.scopes, show: (operator) => <Scopes operator={operator} /> },
        { title: words.tokens, show: ({ tokens }) => tokens, sortBy: ({ tokens }) => tokens },
        {
          title: words.nextExpiry,
          show: ({ nextExpiryAt }) => <Moment relative at={nextExpiryAt} />,
          sortBy: ({ nextExpiryAt }) => nextExpiryAt ?? '',
        },
        {
          title: words.password,
          show: ({ hasPassword }) => (hasPassword ? words.yes : words.no),
        },
        {
          title: actions,
          isActions: true,
          show: (operator) => <OperatorActions operator={operator} />,
        },
      ]}
    />
  )
}

function Role({ role }: { readonly role: string }) {
  const { roles } = useWords()
  return (
    <Label isCompact color={role === 'admin' ? 'purple' : 'blue'}>
      {roles[role as keyof Words['roles']] ?? role}
    </Label>
  )
}

function Scopes({ operator }: { readonly operator: OperatorInfo }) {
  const { operators: words } = useWords()
  const { scopes, role } = operator
  if (scopes.length === 0) return <>{role === 'self-service' ? words.own : words.everything}</>
  return <span className="path">{scopes.join(', ')}</span>
}
