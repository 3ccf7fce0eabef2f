/** What a server says about its error; null where it says nothing. */
export interface ErrorBody {
  message: string | null;
  type: string | null;
  code: string | null;
  /** The parameter of the call that it is about. */
  param: string | null;
  shape: ErrorShape;
}

/** How the error was put: `string` = its whole word is one sentence in `error`. */
export type ErrorShape = 'object' | 'string' | 'flat' | 'detail' | 'text' | 'page' | 'nothing';

/**
 * Reads the body of an error reply in any of its known shapes: `error` as an object, `error` as a string with or
 * without `error_type`, a flat object, `detail`, or plain text. HTML and nothing give nulls. Never throws.
 */
export function readErrorBody(body: string): ErrorBody {
  const text = body.trim();
  try {
    return readErrorValue(JSON.parse(text) as unknown);
  } catch {
    const isPage = text.startsWith('<');
    const shape = isPage ? 'page' : text === '' ? 'nothing' : 'text';
    return { message: isPage ? null : nonEmpty(text), type: null, code: null, param: null, shape };
  }
}

/** The same for a body that is parsed already. */
export function readErrorValue(value: unknown): ErrorBody {
  const body = asObject(Array.isArray(value) ? (value as unknown[])[0] : value);
  const error = asObject(body.error);
  const inner = asObject(error.innererror);
  return {
    message:
      textOf(body.error) ?? textOf(error.message) ?? textOf(body.message) ?? readDetail(body.detail) ?? null,
    type: textOf(error.type) ?? textOf(body.error_type) ?? textOf(body.type),
    code: textOf(error.code) ?? textOf(inner.code) ?? textOf(body.code),
    param: textOf(error.param) ?? textOf(body.param),
    shape: shapeOf(body),
  };
}

function shapeOf({ error, error_type: errorType, message, detail }: Record<string, unknown>): ErrorShape {
  if (textOf(error) !== null) return errorType === undefined ? 'string' : 'flat';
  if (typeof error === 'object' && error !== null) return 'object';
  if (textOf(message) !== null) return 'flat';
  return detail === undefined ? 'nothing' : 'detail';
}

/** FastAPI gives a string or a list of problems, whose `input` quotes the request and is left aside. */
function readDetail(detail: unknown): string | null {
  if (!Array.isArray(detail)) return textOf(detail) ?? textOf(asObject(detail).message);
  const problems = (detail as unknown[]).map((problem) => textOf(asObject(problem).msg) ?? textOf(problem));
  return nonEmpty(problems.filter((problem) => problem !== null).join('; '));
}

function textOf(value: unknown): string | null {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? nonEmpty(value.trim()) : null;
}

function nonEmpty(text: string): string | null {
  return text === '' ? null : text;
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
