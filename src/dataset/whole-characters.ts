/** The same bytes in chunks that cut no character of UTF-8 in two; what is broken stays as broken as in one piece. */
export function* wholeCharacters(chunks: Iterable<Buffer>): Generator<Buffer> {
  let rest = Buffer.alloc(0);
  for (const chunk of chunks) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const end = endOfCharacters(bytes);
    // A copy, because the chunk is filled anew.
    rest = Buffer.from(bytes.subarray(end));
    if (end > 0) yield bytes.subarray(0, end);
  }
  if (rest.length > 0) yield rest;
}

/** Where the last character begins, if more of it may follow. It has four bytes at most, and only its first is a lead. */
function endOfCharacters(bytes: Buffer): number {
  for (let at = bytes.length - 1; at >= Math.max(0, bytes.length - 3); at--) {
    const byte = bytes[at]!;
    if (byte < 0x80) return bytes.length;
    if (byte >= 0xc0) return at;
  }
  return bytes.length < 3 ? 0 : bytes.length;
}
