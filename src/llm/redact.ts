/**
 * Makes a server's message fit to be stored: no key, no control characters, at most 500 characters, and nothing at all
 * where it quotes a text. Quotes are found by looking up every tenth piece of the text among all pieces of the
 * message, so that a text of a megabyte costs milliseconds.
 */

const MAX_LENGTH = 500;
/** Characters in a row that count as a quotation. */
const QUOTE_LENGTH = 20;
/** A run of QUOTE_LENGTH characters holds a whole piece, wherever in the text the pieces begin. */
const PIECE_LENGTH = QUOTE_LENGTH / 2;
/** A shorter text is quoted when the whole of it appears; shorter ones than this say nothing. */
const MIN_TEXT_LENGTH = 8;
/** Shorter secrets are placeholders, and to replace them would garble the message. */
const MIN_SECRET_LENGTH = 4;
const WITHHELD = '[withheld: quotes the text]';
const REMOVED = '[key]';

/** The message without secrets, or a fixed notice in its place when it quotes one of the texts. */
export function redact(message: string, { secrets, texts }: { secrets: string[]; texts: string[] }): string {
  const cleaned = removeSecrets(message, secrets)
    .replace(/[\s\p{Cc}\p{Cf}]+/gu, ' ')
    .trim();
  const cut = cleaned.slice(0, MAX_LENGTH).replace(/[\uD800-\uDBFF]$/, '');
  const plain = plainOf(cut);
  return texts.some((text) => quotes(plain, plainOf(text))) ? WITHHELD : cut;
}

function removeSecrets(message: string, secrets: string[]): string {
  const known = secrets.filter((secret) => secret.length >= MIN_SECRET_LENGTH);
  const without = known.reduce(
    (text, secret) => removeCutSecret(text.replaceAll(secret, REMOVED), secret),
    message,
  );
  return without
    .replace(/\bBearer\s+[^\s"',;]+/gi, `Bearer ${REMOVED}`)
    .replace(/\bsk-[\w*.-]{4,}/g, REMOVED);
}

/** The message may have been cut within the secret. */
function removeCutSecret(message: string, secret: string): string {
  for (let length = secret.length - 1; length >= MIN_SECRET_LENGTH; length -= 1) {
    if (message.endsWith(secret.slice(0, length))) return message.slice(0, -length) + REMOVED;
  }
  return message;
}

/** One spelling for the comparison: case and kinds of blanks do not hide a quotation. */
function plainOf(text: string): string {
  return text
    .replace(/[\s\p{Cc}\p{Cf}]+/gu, ' ')
    .trim()
    .toLowerCase();
}

function quotes(message: string, text: string): boolean {
  if (text.length < QUOTE_LENGTH) return text.length >= MIN_TEXT_LENGTH && message.includes(text);
  const places = placesOfPieces(message);
  for (let start = 0; start + PIECE_LENGTH <= text.length; start += PIECE_LENGTH) {
    const found = places.get(text.slice(start, start + PIECE_LENGTH));
    if (found?.some((place) => sharedLength(message, place, text, start) >= QUOTE_LENGTH)) return true;
  }
  return false;
}

function placesOfPieces(message: string): Map<string, number[]> {
  const places = new Map<string, number[]>();
  for (let place = 0; place + PIECE_LENGTH <= message.length; place += 1) {
    const piece = message.slice(place, place + PIECE_LENGTH);
    const known = places.get(piece);
    if (known === undefined) places.set(piece, [place]);
    else known.push(place);
  }
  return places;
}

/** Length of the common run around a common piece, counted up to QUOTE_LENGTH to each side. */
function sharedLength(message: string, place: number, text: string, start: number): number {
  let before = 0;
  while (
    before < QUOTE_LENGTH &&
    place > before &&
    message[place - before - 1] === text[start - before - 1]
  ) {
    before += 1;
  }
  let after = PIECE_LENGTH;
  while (
    after < QUOTE_LENGTH &&
    place + after < message.length &&
    message[place + after] === text[start + after]
  ) {
    after += 1;
  }
  return before + after;
}
