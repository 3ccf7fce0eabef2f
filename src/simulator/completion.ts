import type { ChatRequest } from './chat-request';
import { simulatedAnswer } from './simulated-answer';

const CHARACTERS_PER_TOKEN = 4;

/** One answer inside a chat completion. */
export interface CompletionChoice {
  index: number;
  message: { role: 'assistant'; content: string | null; [field: string]: unknown };
  finish_reason: string;
}

/** The body of a chat completion as OpenAI shapes it. */
export interface Completion {
  id: string;
  object: 'chat.completion';
  /** Unix time in seconds. */
  created: number;
  model: string;
  choices: [CompletionChoice];
  usage: { prompt_tokens: number; completion_tokens: number; total_tokens: number };
}

/** What a completion is made from. */
export interface CompletionInput {
  chat: ChatRequest;
  seed: number;
  model: string;
  /** The number of the call, which names the reply. */
  call: number;
  /** Completion tokens at most; null = no limit. */
  maxTokens: number | null;
  /** Fields that the server adds to every message. */
  messageFields: Readonly<Record<string, unknown>>;
}

/** The good answer to a request, cut as by the token cap where it is longer. */
export function createCompletion(input: CompletionInput): Completion {
  const { chat, seed, model, call, maxTokens, messageFields } = input;
  const { detected, confidence, indicators, rationale } = simulatedAnswer(chat.userMessage, { seed });
  const whole = JSON.stringify({ detected, confidence, indicators, rationale });
  const isCut = maxTokens !== null && tokensOf(whole.length) > maxTokens;
  const content = isCut ? whole.slice(0, maxTokens * CHARACTERS_PER_TOKEN) : whole;
  const finishReason = isCut ? 'length' : 'stop';
  return {
    id: `chatcmpl-simulated-${call}`,
    object: 'chat.completion',
    created: Math.floor(Date.now() / 1000),
    model,
    choices: [
      { index: 0, message: { role: 'assistant', content, ...messageFields }, finish_reason: finishReason },
    ],
    usage: usageOf(promptTokensOf(chat), tokensOf(content.length)),
  };
}

/** Token counts that add up. */
export function usageOf(promptTokens: number, completionTokens: number): Completion['usage'] {
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
  };
}

/** Tokens of a whole prompt, at four characters each. */
export function promptTokensOf({ promptCharacters }: ChatRequest): number {
  return tokensOf(promptCharacters);
}

/** Tokens of so many characters, at four characters each. */
export function tokensOf(characters: number): number {
  return Math.ceil(characters / CHARACTERS_PER_TOKEN);
}
