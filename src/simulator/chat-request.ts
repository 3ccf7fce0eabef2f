import { z } from 'zod';

const MessageSchema = z.object({
  role: z.string(),
  content: z.union([z.string(), z.array(z.object({ text: z.string().optional() }))]).nullish(),
});

const ChatRequestSchema = z.looseObject({
  model: z.string().optional(),
  messages: z.array(MessageSchema).min(1),
  stream: z.literal(false).nullish(),
});

/** What the simulated model needs of a chat completion request. */
export interface ChatRequest {
  /** null = the request names no model. */
  model: string | null;
  /** The last message of the role user. */
  userMessage: string;
  /** Length of all messages together. */
  promptCharacters: number;
  /** Whether the word json occurs in any message. */
  mentionsJson: boolean;
  /** The other parameters as they came, such as `temperature`. */
  parameters: Readonly<Record<string, unknown>>;
}

/** Reads the body of a request; null = not JSON, no user message, or a stream asked for. */
export function parseChatRequest(body: string): ChatRequest | null {
  const parsed = ChatRequestSchema.safeParse(jsonOf(body));
  if (!parsed.success) return null;
  const { model, messages: sent, ...parameters } = parsed.data;
  const messages = sent.map(({ role, content }) => ({ role, text: textOf(content) }));
  const userMessage = messages.findLast(({ role }) => role === 'user')?.text;
  if (userMessage === undefined) return null;
  return {
    model: model ?? null,
    userMessage,
    promptCharacters: messages.reduce((sum, { text }) => sum + text.length, 0),
    mentionsJson: messages.some(({ text }) => /json/i.test(text)),
    parameters,
  };
}

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function textOf(content: z.infer<typeof MessageSchema>['content']): string {
  if (typeof content === 'string') return content;
  return (content ?? []).map(({ text }) => text ?? '').join('');
}
