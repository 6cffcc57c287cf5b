/** The upper half of code page 437, which short names are in where nothing else is said. */
const UPPER =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐' +
  '└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0'

const BASE_IS_LOWER = 0x08
const EXTENSION_IS_LOWER = 0x10

/** `README.TXT` of the eleven bytes of an entry; `caseFlags` as Windows NT and Linux write them. */
export function shortName(eleven: Buffer, caseFlags: number): Buffer {
  const bytes = Buffer.from(eleven)
  // 0xe5 marks deleted entries, so that a name that starts with it is kept otherwise.
  if (bytes[0] === 0x05) bytes[0] = 0xe5
  const base = part(bytes.subarray(0, 8), (caseFlags & BASE_IS_LOWER) !== 0)
  const extension = part(bytes.subarray(8, 11), (caseFlags & EXTENSION_IS_LOWER) !== 0)
  return Buffer.from(extension === '' ? base : `${base}.${extension}`)
}

/** Filled with blanks; what is behind a zero counts to nobody, with Linux either. */
function part(bytes: Buffer, isLower: boolean): string {
  const end = bytes.indexOf(0)
  const own = end < 0 ? bytes : bytes.subarray(0, end)
  const text = Array.from(own, character).join('').replace(/ +$/, '')
  return isLower ? text.toLowerCase() : text
}

function character(byte: number): string {
  return byte < 128 ? String.fromCharCode(byte) : (UPPER[byte - 128] ?? '?')
}
