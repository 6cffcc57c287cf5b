interface Props {
  /** Word and amount. */
  readonly facts: readonly (readonly [string, string | number])[]
}

/** A few figures, large enough to be read from afar. */
export function Figures({ facts }: Props) {
  return (
    <dl className="figures">
      {facts.map(([term, value]) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd className="number">{value}</dd>
        </div>
      ))}
    </dl>
  )
}
