import { Button } from '@patternfly/react-core'
import { Component, type ReactNode } from 'react'
import { Nothing } from '../shown/loaded.tsx'
import { Page } from '../shown/page.tsx'
import { useWords } from '../words/words.tsx'

interface Props {
  /** The page's address: another one is tried anew. */
  readonly at: string
  readonly children: ReactNode
}

interface State {
  readonly hasFailed: boolean
}

/** Around one page: what goes wrong in it, such as a server that is away as it is loaded, stays there. */
export class PageBoundary extends Component<Props, State> {
  override state: State = { hasFailed: false }

  static getDerivedStateFromError(): State {
    return { hasFailed: true }
  }

  override componentDidUpdate({ at }: Props): void {
    if (this.state.hasFailed && at !== this.props.at) this.setState({ hasFailed: false })
  }

  override render(): ReactNode {
    return this.state.hasFailed ? <NotShown /> : this.props.children
  }
}

function NotShown() {
  const { notShown } = useWords()
  return (
    <Page title={notShown.title}>
      <Nothing title={notShown.title}>{notShown.about}</Nothing>
      <Button onClick={() => location.reload()}>{notShown.again}</Button>
    </Page>
  )
}
