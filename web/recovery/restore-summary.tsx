import { Alert } from '@patternfly/react-core'
import type { RestorePlan } from '../api/documents.ts'
import { bytes, duration } from '../shown/format.ts'
import { useWords } from '../words/words.tsx'

/** What a restore would do, before it does anything. */
export function RestoreSummary({ plan }: { readonly plan: RestorePlan }) {
  const words = useWords()
  return (
    <section aria-label={words.summary}>
      <h2>{words.summary}</h2>
      <p>
        {words.restores(bytes(plan.bytes), plan.host, plan.target)}
        {plan.seconds !== null && ` · ${duration(1000 * plan.seconds, words.locale)}`}
      </p>
      <Paths lines={plan.files} />
      {plan.changes.length > 0 && (
        <>
          <h3>{words.machine.changes}</h3>
          <ul>
            {plan.changes.map((change) => (
              <li key={change}>{change}</li>
            ))}
          </ul>
        </>
      )}
      {plan.warnings.map((warning) => (
        <Alert isInline variant="warning" title={warning} key={warning} />
      ))}
      {plan.overwrites.length > 0 && (
        <Alert isInline variant="danger" title={words.overwrites}>
          <Paths lines={plan.overwrites} />
        </Alert>
      )}
    </section>
  )
}

function Paths({ lines }: { readonly lines: readonly string[] }) {
  return (
    <ul>
      {lines.map((line) => (
        <li key={line} className="path">
          {line}
        </li>
      ))}
    </ul>
  )
}
