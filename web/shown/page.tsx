import { PageSection, Title } from '@patternfly/react-core'
import { useEffect, type ReactNode } from 'react'

interface Props {
  readonly title: string
  readonly actions?: ReactNode
  readonly children: ReactNode
}

/** A page: its title, also the window's, what can be done, and what there is. */
export function Page({ title, actions, children }: Props) {
  useEffect(() => {
    document.title = `${title} · Holdfast`
  }, [title])
  return (
    <>
      <PageSection>
        <div className="page-head">
          <Title headingLevel="h1">{title}</Title>
          {actions && <div>{actions}</div>}
        </div>
      </PageSection>
      <PageSection isFilled>{children}</PageSection>
    </>
  )
}
