import {
  DescriptionList,
  DescriptionListDescription,
  DescriptionListGroup,
  DescriptionListTerm,
} from '@patternfly/react-core'
import type { ReactNode } from 'react'

/** Terms of a few words stay in a line. */
const WIDE = {
  columnModifier: { lg: '2Col' },
  horizontalTermWidthModifier: { default: '14ch', lg: '25ch' },
} as const

export type Facts = readonly (readonly [term: string, description: ReactNode])[]

/** What is known of one thing, by its terms. `isWide`: in two columns where there is room. */
export function FactList({
  facts,
  isWide = false,
  className,
}: {
  readonly facts: Facts
  readonly isWide?: boolean
  readonly className?: string
}) {
  return (
    <DescriptionList
      isHorizontal
      {...(isWide && WIDE)}
      {...(className !== undefined && { className })}
    >
      {facts.map(([term, description]) => (
        <DescriptionListGroup key={term}>
          <DescriptionListTerm>{term}</DescriptionListTerm>
          <DescriptionListDescription>{description}</DescriptionListDescription>
        </DescriptionListGroup>
      ))}
    </DescriptionList>
  )
}
