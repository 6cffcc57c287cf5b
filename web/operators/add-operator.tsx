import { Form, FormGroup, Radio } from '@patternfly/react-core'
import { useState } from 'react'
import { ROLES, type Role } from '../../core/model/role.ts'
import type { OperatorInfo } from '../api/documents.ts'
import { useChange } from '../api/use-api.ts'
import { Confirm } from '../shown/confirm.tsx'
import { ListField, TextField } from '../shown/fields.tsx'
import { useWords } from '../words/words.tsx'

/** Somebody new: what they may do, and on what. How they get in comes afterwards. */
export function AddOperator({ onClose }: { readonly onClose: () => void }) {
  const { operators: words } = useWords()
  const [name, setName] = useState('')
  const [role, setRole] = useState<Role>('viewer')
  const [scopes, setScopes] = useState<string[]>([])
  const change = useChange<OperatorInfo>()
  const add = () =>
    change.mutate(
      { verb: 'POST', parts: ['operators'], body: { name: name.trim(), role, scopes } },
      { onSuccess: onClose },
    )
  return (
    <Confirm
      title={words.add}
      does={words.add}
      isDisabled={name.trim() === '' || change.isPending}
      failure={change.error}
      onDo={add}
      onClose={onClose}
    >
      <Form>
        <TextField
          id="operator-name"
          label={words.name}
          help={words.nameHelp}
          value={name}
          onChange={setName}
        />
        <Roles role={role} onRole={setRole} />
        <ListField
          id="operator-scopes"
          label={words.scopes}
          help={words.scopesHelp}
          value={scopes}
          onChange={setScopes}
        />
      </Form>
    </Confirm>
  )
}

interface RolesProps {
  readonly role: Role
  readonly onRole: (role: Role) => void
}

function Roles({ role, onRole }: RolesProps) {
  const { operators: words, roles } = useWords()
  return (
    <FormGroup role="radiogroup" label={words.role} fieldId="operator-role" isStack>
      {ROLES.map((one) => (
        <Radio
          key={one}
          id={`role-${one}`}
          name="role"
          label={roles[one]}
          description={words.roleMeans[one]}
          isChecked={role === one}
          onChange={() => onRole(one)}
        />
      ))}
    </FormGroup>
  )
}
