import type { IncomingMessage, ServerResponse } from 'node:http';
import { text as readText } from 'node:stream/consumers';
import { control, isControlPath } from './control-path';
import { sendError, sendPage } from './send';
import { serveChat } from './serve-chat';
import type { Simulation } from './simulation';

const CHAT = 'POST /v1/chat/completions';
/** One for all: an error of its own would be made for every call. */
const CALLER_GONE = new Error('the caller is gone');

/** Serves whatever comes. Never rejects: what goes wrong is answered with 500 if anybody is still there. */
export async function serveRequest(
  simulation: Simulation,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort(CALLER_GONE));
  const method = request.method ?? '';
  const path = request.url?.split('?')[0] ?? '';
  try {
    const body = await readText(request);
    if (isControlPath(path)) {
      const isFromPage = request.headers.origin !== undefined;
      await control(simulation, { method, path, body, isFromPage }, response);
    } else if (`${method} ${path}` === CHAT) {
      await serveChat(simulation, body, response, gone.signal);
    } else sendPage(response, pageOf(simulation, method, path));
  } catch {
    if (response.headersSent) response.destroy();
    else if (!gone.signal.aborted)
      sendError(response, 500, 'server_error', 'The simulated model server failed.');
  }
}

function pageOf({ dialect, facts }: Simulation, method: string, path: string) {
  return dialect.pages[`${method} ${path}`]?.(facts) ?? dialect.unknownPath(method, path);
}
