import type { ChatRequest } from '../chat-request';
import { promptTokensOf } from '../completion';
import type { Serve } from '../faults/fault';

/** What a server tells about itself. */
export interface ServerFacts {
  modelName: string;
  /** Prompt and answer together; null = no limit. */
  contextTokens: number | null;
  /** null = no limit. */
  slots: number | null;
}

/** A reply to anything but a chat completion; a string is sent as it is, all else as JSON. */
export interface PageReply {
  status: number;
  body: unknown;
  /** @default text/plain for strings, application/json otherwise */
  type?: string;
}

/** A chat completion that this kind of server does not serve as asked, and the row of the catalogue that this is. */
export interface Reaction {
  fault: number;
  /** null = none of the row's variants. */
  variant: string | null;
  serve: Serve;
}

/** How one kind of server behaves around its answers. */
export interface Dialect {
  /** The model it lists where none is named. */
  defaultModel: string;
  /** Replies by `METHOD path`. */
  pages: Readonly<Record<string, (facts: ServerFacts) => PageReply>>;
  /** What it says to a path it does not know. */
  unknownPath: (method: string, path: string) => PageReply;
  /** null = it serves the request. */
  reactTo: (chat: ChatRequest, facts: ServerFacts) => Reaction | null;
  /** Whether it computes the request with no other beside it. */
  servesAlone: (chat: ChatRequest) => boolean;
  /** Parameters that cap the answer, the first that is given counts. */
  capParameters: readonly string[];
  /** The cap where none is given; null = none. */
  defaultCap: number | null;
  /** Fields in every message of an answer. */
  messageFields: Readonly<Record<string, unknown>>;
}

/** The cap that a request sets, as this dialect reads it; null = none. */
export function capOf({ capParameters, defaultCap }: Dialect, { parameters }: ChatRequest): number | null {
  const given = capParameters.map((name) => parameters[name]).find((value) => typeof value === 'number');
  return given === undefined || given < 0 ? defaultCap : given;
}

/** Whether the prompt alone does not fit. */
export function isOverWindow(chat: ChatRequest, { contextTokens }: ServerFacts): boolean {
  return contextTokens !== null && promptTokensOf(chat) > contextTokens;
}

/** The list of models in the shape of OpenAI, with more fields. */
export function modelList(facts: ServerFacts, ownedBy: string, more: object = {}): PageReply {
  const model = { id: facts.modelName, object: 'model', created: 0, owned_by: ownedBy, ...more };
  return { status: 200, body: { object: 'list', data: [model] } };
}
