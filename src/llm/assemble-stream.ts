/** Puts the pieces of a streamed chat completion together to the reply that was asked for. */

type Json = Record<string, unknown>;

/** What has been gathered so far. */
interface Assembly {
  envelope: Json;
  /** Texts of the message by their field. */
  texts: Map<string, string>;
  reasoningDetails: unknown[];
  finishReason: unknown;
  isEnded: boolean;
}

const TEXT_FIELDS = ['content', 'reasoning', 'reasoning_content', 'thinking', 'refusal'] as const;
/** Facts of the whole reply; later pieces may be the only ones that know them. */
const ENVELOPE_FIELDS = ['id', 'model', 'system_fingerprint', 'usage'] as const;

/** The envelope of a stream, from its lines; null = it breaks off or holds a piece that is not whole. */
export function assembleStream(lines: readonly string[]): Json | null {
  const assembly: Assembly = {
    envelope: {},
    texts: new Map(),
    reasoningDetails: [],
    finishReason: null,
    isEnded: false,
  };
  for (const data of dataOf(lines)) {
    if (data === '[DONE]') {
      assembly.isEnded = true;
      continue;
    }
    const piece = parsePiece(data);
    if (piece === null) return null;
    if (piece.error) return { error: piece.error };
    const choice = choiceOf(piece);
    if (isObject(choice?.message)) return piece;
    addPiece(assembly, piece, choice);
  }
  return assembly.isEnded ? envelopeOf(assembly) : null;
}

/** The data of each event: lines up to a blank one, or each alone where the server leaves the blank ones out. */
function dataOf(lines: readonly string[]): string[] {
  const events: string[] = [];
  let pending: string[] = [];
  const flush = (): void => {
    const text = pending.join('\n').trim();
    if (text !== '') events.push(text);
    pending = [];
  };
  for (const line of lines) {
    const data = /^data: ?(.*)$/.exec(line)?.[1];
    if (line.trim() === '') flush();
    else if (data !== undefined) {
      if (isWhole(pending.join('\n'))) flush();
      pending.push(data);
    }
  }
  flush();
  return events;
}

function isWhole(text: string): boolean {
  return text.trim() === '[DONE]' || parsePiece(text) !== null;
}

function parsePiece(text: string): Json | null {
  try {
    const value = JSON.parse(text) as unknown;
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

/** Only the first choice is ours; the last piece may have none and tell the usage. */
function choiceOf({ choices }: Json): Json | null {
  const list: unknown[] = Array.isArray(choices) ? choices : [];
  return list.filter(isObject).find(({ index }) => (index ?? 0) === 0) ?? null;
}

function addPiece(assembly: Assembly, piece: Json, choice: Json | null): void {
  for (const field of ENVELOPE_FIELDS) {
    if (piece[field] !== undefined && piece[field] !== null) assembly.envelope[field] = piece[field];
  }
  if (choice === null) return;
  const delta = isObject(choice.delta) ? choice.delta : {};
  for (const field of TEXT_FIELDS) {
    const text = textOf(delta[field]);
    if (text !== null) assembly.texts.set(field, (assembly.texts.get(field) ?? '') + text);
  }
  if (Array.isArray(delta.reasoning_details))
    assembly.reasoningDetails.push(...(delta.reasoning_details as unknown[]));
  const reason = choice.error ? 'error' : choice.finish_reason;
  if (reason === undefined || reason === null || reason === '') return;
  assembly.finishReason = reason;
  assembly.isEnded = true;
}

function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return null;
  return (value as unknown[])
    .map((part) => (isObject(part) && typeof part.text === 'string' ? part.text : ''))
    .join('');
}

function envelopeOf({ envelope, texts, reasoningDetails, finishReason }: Assembly): Json {
  const message: Json = { content: null, ...Object.fromEntries(texts) };
  if (reasoningDetails.length > 0) message.reasoning_details = [{ text: detailsText(reasoningDetails) }];
  return { ...envelope, choices: [{ message, finish_reason: finishReason }] };
}

/** Details come word by word; joined with blanks they would be torn apart. */
function detailsText(details: readonly unknown[]): string {
  return details
    .map((detail) => (isObject(detail) && typeof detail.text === 'string' ? detail.text : ''))
    .join('');
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
