/** A model server on this machine that tells about itself as a real one would. */
import { startHttpServer, type LocalServer, type ReceivedCall } from './local-server';

/** What one path replies: a JSON body, or a status and a text. */
export type PathReply = object | { status: number; text: string; headers?: Record<string, string> };

export interface FakeModelServer extends LocalServer {
  /** Calls in order, as `METHOD path`. */
  asked: () => string[];
  /** Bodies of the chat completions that were asked, parsed. */
  chats: () => Record<string, unknown>[];
}

const CHAT = '/v1/chat/completions';

/** Serves the paths given; others get 404. `chat` gives the reply to a chat completion from its parsed body. */
export async function startFakeModelServer(
  paths: Readonly<Record<string, PathReply>>,
  chat: (body: Record<string, unknown>, count: number) => PathReply = () => answer(),
  headers: Record<string, string> = {},
): Promise<FakeModelServer> {
  const calls: ReceivedCall[] = [];
  const chats: Record<string, unknown>[] = [];
  const server = await startHttpServer((call, response) => {
    calls.push(call);
    let reply = paths[call.path];
    if (call.method === 'POST' && call.path === CHAT) {
      chats.push(JSON.parse(call.body) as Record<string, unknown>);
      reply = chat(chats.at(-1)!, chats.length);
    }
    const { status, text, ...more } = plain(
      reply ?? { status: 404, text: '{"error":{"message":"Not Found"}}' },
    );
    response.writeHead(status, { ...headers, ...more.headers }).end(text);
  });
  return { ...server, asked: () => calls.map(({ method, path }) => `${method} ${path}`), chats: () => chats };
}

/** A chat completion; its tokens fit the prompt unless told otherwise. */
export function answer(
  changes: { content?: string; promptTokens?: number | null; model?: string } = {},
): object {
  const { content = '{"detected": false, "confidence": 0.9}', promptTokens = 200, model = 'm' } = changes;
  return {
    id: 'r',
    model,
    choices: [{ message: { role: 'assistant', content }, finish_reason: 'stop' }],
    ...(promptTokens === null ? {} : { usage: { prompt_tokens: promptTokens, completion_tokens: 20 } }),
  };
}

/** An error reply as OpenAI writes it. */
export function refusal(status: number, error: object): PathReply {
  return { status, text: JSON.stringify({ error }) };
}

function plain(reply: PathReply): { status: number; text: string; headers?: Record<string, string> } {
  return 'status' in reply && 'text' in reply ? reply : { status: 200, text: JSON.stringify(reply) };
}
