/** What a preflight is about: an experiment's model, its parameters and the size of the job. */
import type { ErrorCategory } from '../experiment';
import type { ChatClient, ChatReply } from '../llm/chat-client';
import type { AskedParameters, EffectiveParameters } from '../llm/effective-parameters';
import type { RenderedPrompt } from '../llm/render-prompt';

export interface PreflightSubject {
  client: ChatClient;
  apiUrl: string;
  /** As the config has it; null = not given. */
  provider: string | null;
  /** Environment variable that holds the key; null = none is sent. */
  apiKeyEnv: string | null;
  hasKey: boolean;
  asked: AskedParameters;
  /** What the experiment's row has; null = still to be decided. */
  frozen: EffectiveParameters | null;
  render: (text: string) => RenderedPrompt;
  /** The parser of the experiment. */
  read: (reply: ChatReply) => ReadAnswer;
  /** Characters of the longest narrative. */
  longestChars: number;
  /** Narratives still to be asked. */
  nNarratives: number;
  /** Calls in flight at a time; `auto` = to be found. */
  concurrency: number | 'auto';
  timeoutMs: number;
  resultsFile: string;
  /** Aborted = end at once by throwing its reason. */
  signal: AbortSignal;
  /** Upper bound of the wait before a second try. @default 1 s */
  retryBaseMs?: number;
}

/** What the parser made of the synthetic answer; `message` is fixed text. */
export type ReadAnswer = { kind: 'answer' } | { kind: 'error'; category: ErrorCategory; message: string };
