import { classifyErrorReply } from './classify-fault';
import { readErrorValue } from './read-error-body';
import { unusable, unwrapEnvelope, type Json } from './unwrap-envelope';

/** What a model server replied; null where the reply does not say. */
export interface ChatReply {
  content: string | null;
  /** The model's thinking, where the server gives it apart from the content. */
  reasoning: string | null;
  finishReason: string | null;
  /** The model's own reason not to answer. */
  refusal: string | null;
  /** The model that answered, which may differ from the one asked. */
  model: string | null;
  /** The server's name for the build and settings that answered. */
  systemFingerprint: string | null;
  responseId: string | null;
  promptTokens: number | null;
  completionTokens: number | null;
  totalTokens: number | null;
}

/** A server that leaves the message out does so for this text, or for a moment: two more tries tell. */
const NO_MESSAGE = { maxRetries: 2 } as const;

/**
 * Reads the body of a chat completion. Throws CallFault when the envelope is not whole JSON, reports an error or holds
 * no message; what the content says is not looked at.
 */
export function readReply(body: string): ChatReply {
  const envelope = unwrapEnvelope(body);
  if (envelope.error) throw classifyErrorReply(readErrorValue(envelope));
  const choice = Array.isArray(envelope.choices) ? asObject((envelope.choices as unknown[])[0]) : {};
  if (choice.error || choice.finish_reason === 'error') throw unusable('the server broke off its answer');
  if (!isObject(choice.message)) throw unusable('the reply holds no message', NO_MESSAGE);
  const message = choice.message;
  const usage = asObject(envelope.usage);
  return {
    content: readContent(message.content),
    reasoning: readReasoning(message),
    finishReason: textOf(choice.finish_reason),
    refusal: textOf(message.refusal) ?? readRefusalPart(message.content),
    model: textOf(envelope.model),
    systemFingerprint: textOf(envelope.system_fingerprint),
    responseId: textOf(envelope.id),
    promptTokens: countOf(usage.prompt_tokens),
    completionTokens: countOf(usage.completion_tokens),
    totalTokens: countOf(usage.total_tokens),
  };
}

function readContent(content: unknown): string | null {
  if (typeof content === 'string') return wellFormed(content);
  if (content === null || content === undefined) return null;
  if (!Array.isArray(content)) throw unusable('the reply holds no message', NO_MESSAGE);
  const texts = (content as unknown[])
    .map((part) => (typeof part === 'string' ? part : asObject(part).text))
    .filter((text) => typeof text === 'string');
  return texts.length === 0 ? null : wellFormed(texts.join(''));
}

function readRefusalPart(content: unknown): string | null {
  if (!Array.isArray(content)) return null;
  return (
    (content as unknown[]).map((part) => textOf(asObject(part).refusal)).find((text) => text !== null) ?? null
  );
}

function readReasoning(message: Json): string | null {
  const places = [message.reasoning, message.reasoning_content, message.reasoning_details, message.thinking];
  return places.map(joinTexts).find((text) => text !== null) ?? null;
}

function joinTexts(value: unknown): string | null {
  const parts: unknown[] = Array.isArray(value) ? value : [value];
  const texts = parts.map((part) => textOf(part) ?? textOf(asObject(part).text) ?? '');
  return textOf(texts.filter((text) => text !== '').join(' '));
}

/** Trimmed; null where there is no text. */
function textOf(value: unknown): string | null {
  const text = typeof value === 'string' ? value.trim() : '';
  return text === '' ? null : wellFormed(text);
}

/** Lone surrogates, which no UTF-8 can hold, become U+FFFD: what is stored is then what was read. */
function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\uFFFD');
}

function countOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

function asObject(value: unknown): Json {
  return isObject(value) ? value : {};
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
