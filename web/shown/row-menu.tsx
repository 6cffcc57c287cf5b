import { MenuToggle, type MenuToggleElement } from '@patternfly/react-core'
import { EllipsisVIcon } from '@patternfly/react-icons/dist/esm/icons/ellipsis-v-icon'
import { ActionsColumn, type CustomActionsToggleProps, type IAction } from '@patternfly/react-table'
import type { Ref } from 'react'

interface Props {
  /** Whose actions these are. */
  readonly label: string
  readonly items: readonly IAction[]
}

/** What can be done with one thing, behind one button. */
export function RowMenu({ label, items }: Props) {
  if (items.length === 0) return null
  return (
    <ActionsColumn
      actionsToggle={(toggle) => <Toggle label={label} {...toggle} />}
      items={[...items]}
    />
  )
}

interface ToggleProps extends CustomActionsToggleProps {
  readonly label: string
}

function Toggle({ label, onToggle, isOpen, toggleRef }: ToggleProps) {
  return (
    <MenuToggle
      ref={toggleRef as Ref<MenuToggleElement>}
      variant="plain"
      aria-label={label}
      isExpanded={isOpen}
      onClick={onToggle}
      icon={<EllipsisVIcon />}
    />
  )
}
