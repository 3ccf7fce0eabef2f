/** Most of one text that is stored, in UTF-8. */
const MAX_TEXT_BYTES = 64 * 1024;

/** A text fit to be stored: lone surrogates become U+FFFD, and at most 64 KiB of whole characters are kept. */
export function cleanText(text: string): string {
  const wellFormed = replaceLoneSurrogates(text);
  if (wellFormed.length * 3 <= MAX_TEXT_BYTES) return wellFormed;
  const { read } = new TextEncoder().encodeInto(wellFormed, new Uint8Array(MAX_TEXT_BYTES));
  return wellFormed.slice(0, read);
}

/** A text that can be written as UTF-8: each lone surrogate becomes U+FFFD. */
export function replaceLoneSurrogates(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\uFFFD');
}
