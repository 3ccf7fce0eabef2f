import { parseAnswer } from '../../../src/answer/parse-answer';
import { CallFault } from '../../../src/llm/call-fault';
import { callWithRetries } from '../../../src/llm/call-with-retries';
import { createChatClient, type ChatClient } from '../../../src/llm/chat-client';

/** Calls at most for one text. */
export const MAX_CALLS = 4;

/** What became of one text. `given up` = still transient when the calls were used up or the wait was too long. */
export interface Fate {
  outcome: 'answered' | 'error row' | 'paused' | 'given up';
  /** Of the error; null = answered. */
  category: string | null;
  /** null = no answer. */
  detected: boolean | null;
}

/** A client of one call at a time or many; its deadline is short only where a fault hangs. */
export function createClient(apiUrl: string, timeoutMs: number, connections = 1): ChatClient {
  return createChatClient({ apiUrl, apiKey: null, connections, timeoutMs, allowedOrigins: [] });
}

/** Asks about one text with retries, which do not wait, and reads the reply. */
export async function askLikeLonghaul(client: ChatClient, text: string): Promise<Fate> {
  const request = { model: 'm', system: '', user: text, temperature: 0, maxTokens: 2000 };
  try {
    const { value: reply } = await callWithRetries(() => client.send(request), {
      maxAttempts: MAX_CALLS,
      baseMs: 1,
      capMs: 1,
      random: () => 0,
      sleep: () => Promise.resolve(),
      signal: new AbortController().signal,
    });
    const parsed = parseAnswer(reply);
    return parsed.kind === 'answer'
      ? { outcome: 'answered', category: null, detected: parsed.answer.detected }
      : { outcome: 'error row', category: parsed.category, detected: null };
  } catch (error) {
    if (!(error instanceof CallFault)) throw error;
    const { kind, category } = error;
    if (kind === 'experiment') return { outcome: 'paused', category, detected: null };
    const outcome = kind === 'narrative' ? 'error row' : 'given up';
    return { outcome, category, detected: null };
  }
}
