/** Mail addresses as people write several: with commas, semicolons or spaces between them. */
export function addressesOf(text: string): string[] {
  return text.split(/[\s,;]+/).filter(Boolean)
}
