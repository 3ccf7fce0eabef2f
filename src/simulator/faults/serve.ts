/** The few ways in which most faults are served. */
import type { Completion } from '../completion';
import type { Exchange } from '../exchange';
import type { Serve } from './fault';

type Headers = Record<string, string>;

/** Replies with this JSON. */
export function replies(status: number, value: unknown, headers: Headers = {}): Serve {
  return (exchange) => exchange.json(status, value, headers);
}

/** Replies with an error in the shape of OpenAI. */
export function repliesError(status: number, error: ErrorFields, headers: Headers = {}): Serve {
  return replies(status, { error: { param: null, code: null, ...error } }, headers);
}

interface ErrorFields {
  message: string;
  type: string | null;
  [field: string]: unknown;
}

/** Replies with a body that is no JSON. */
export function repliesText(status: number, type: string, body: string, headers: Headers = {}): Serve {
  return (exchange) => exchange.reply(status, body, { 'content-type': type, ...headers });
}

/** Replies with the page of a proxy. */
export function repliesPage(status: number, title: string): Serve {
  const page = `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n</body>\r\n</html>\r\n`;
  return repliesText(status, 'text/html', page);
}

/** Replies with the good answer, changed. */
export function answers(change: (completion: Completion, exchange: Exchange) => unknown): Serve {
  return (exchange) => exchange.json(200, change(exchange.completion, exchange));
}

/** Replies with the good answer as text, changed. */
export function answersText(change: (body: string) => string): Serve {
  return (exchange) =>
    exchange.reply(200, change(JSON.stringify(exchange.completion)), { 'content-type': 'application/json' });
}

/** The completion with parts of its message replaced, and of its choice. */
export function withMessage(completion: Completion, message: object, choice: object = {}): Completion {
  const [first] = completion.choices;
  return {
    ...completion,
    choices: [{ ...first, message: { ...first.message, ...message }, ...choice }],
  };
}

/** The text of the good answer. */
export function contentOf({ choices }: Completion): string {
  return choices[0].message.content ?? '';
}
