import { parseAnswer, type ParsedAnswer } from '../../../src/answer/parse-answer';
import { CallFault } from '../../../src/llm/call-fault';
import { callWithRetries } from '../../../src/llm/call-with-retries';
import { createChatClient, type ChatClient } from '../../../src/llm/chat-client';
import type { FaultHistory } from '../../../src/llm/fault-history';
import { judgeReply, promptCharsOf } from '../../../src/llm/judge-reply';
import { parameters } from '../../llm/parameters';

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

/** Asks about one text with retries, which do not wait, and reads the reply; `history` is that of all texts. */
export async function askLikeLonghaul(
  client: ChatClient,
  history: FaultHistory,
  text: string,
): Promise<Fate> {
  const request = {
    model: 'm',
    system: '',
    user: text,
    parameters: parameters({ temperature: 0, maxTokens: 2000 }),
  };
  const facts = { promptChars: promptCharsOf([text]), contextWindow: WINDOW, cutsSilently: false };
  const attempt = async (): Promise<ParsedAnswer> => {
    const reply = await client.send(request);
    if (history.seeReply(text, reply) !== null) {
      throw new CallFault('another model', { kind: 'experiment', category: 'api_error' });
    }
    const parsed = parseAnswer(reply);
    const fault = judgeReply(reply, parsed, facts);
    if (fault !== null) throw fault;
    return parsed;
  };
  try {
    const { value: parsed } = await callWithRetries(attempt, {
      maxAttempts: MAX_CALLS,
      temperature: 0,
      baseMs: 1,
      capMs: 1,
      random: () => 0,
      sleep: () => Promise.resolve(),
      signal: new AbortController().signal,
      judge: (...all) => history.judge(text, ...all),
    });
    return parsed.kind === 'answer'
      ? { outcome: 'answered', category: null, detected: parsed.answer.detected }
      : { outcome: 'error row', category: parsed.category, detected: null };
  } catch (error) {
    if (!(error instanceof CallFault)) throw error;
    const { ending, category } = error;
    return { outcome: OUTCOMES[ending!], category, detected: null };
  }
}

const OUTCOMES = { row: 'error row', pause: 'paused', wait: 'given up' } as const;
/** What the simulator has where its dialect does not say otherwise. */
const WINDOW = 4096;
