import { useWords, type Words } from '../words/words.tsx'

/** A word of the server's as people read it; one that is not known stays as it is. */
export function Term({ word }: { readonly word: string }) {
  const { terms } = useWords()
  return <>{terms[word as keyof Words['terms']] ?? word}</>
}
