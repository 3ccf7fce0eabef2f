import type { ServerResponse } from 'node:http';
import type { PageReply } from './dialects/dialect';

/** Replies with JSON. */
export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  sendPage(response, { status, body: value });
}

/** Replies with an error in the shape of OpenAI. */
export function sendError(response: ServerResponse, status: number, type: string, message: string): void {
  sendJson(response, status, { error: { message, type, param: null, code: null } });
}

/** Replies with text as it is or anything else as JSON. */
export function sendPage(response: ServerResponse, { status, body, type }: PageReply): void {
  const isText = typeof body === 'string';
  const text = isText ? body : JSON.stringify(body);
  response.writeHead(status, {
    'content-type': type ?? (isText ? 'text/plain' : 'application/json'),
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}
