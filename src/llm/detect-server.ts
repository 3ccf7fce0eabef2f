/**
 * Asks a server what it is and which models it has: by its list of models first, and only where that does not tell, by
 * paths that one server alone knows. Nothing about the narratives is sent.
 */
import type { ChatClient, QueryReply } from './chat-client';
import { dialectNamed, dialectOfHost, dialectOfProvider, type Dialect, type DialectName } from './dialect';
import { serverPaths } from './server-paths';

/** An entry of the list of models, as far as it concerns us. */
export interface ListedModel {
  id: string;
  /** Tokens of prompt and reply together; null = the list does not tell. */
  contextWindow: number | null;
}

/** What a server told about itself. */
export interface ServerFacts {
  dialect: Dialect;
  /** Who says so; `nobody` = nothing is known, so it is the generic one. */
  saidBy: 'config' | 'host' | 'server' | 'nobody';
  /** What the server says it is, whoever was believed; null = it does not say. */
  own: Dialect | null;
  /** null = there is no list that can be read, which proves nothing. */
  models: readonly ListedModel[] | null;
  /** Status of the list's reply; null = none came. */
  listStatus: number | null;
}

type Json = Record<string, unknown>;

const QUERY_TIMEOUT_MS = 10_000;

/** Owners that servers name in their lists of models. */
const OWNERS: Readonly<Record<string, DialectName>> = {
  vllm: 'vllm',
  sglang: 'sglang',
  llamacpp: 'llama.cpp',
  organization_owner: 'lmstudio',
  library: 'ollama',
  mlx: 'mlx_lm',
};

/** Finds out, with at most five queries. Never throws for what the server does. */
export async function detectServer(
  client: Pick<ChatClient, 'query'>,
  { apiUrl, provider }: { apiUrl: string; provider: string | null },
): Promise<ServerFacts> {
  const { models: path, root } = serverPaths(apiUrl);
  const list = path === null ? null : await ask(client, path);
  const entries = entriesOf(list);
  const named = dialectOfProvider(provider);
  const hosted = dialectOfHost(new URL(apiUrl));
  const isSure = hosted !== null || (named !== null && !isLooselyMeant(named));
  const own = ownerOf(list, entries) ?? (isSure ? null : await probe(client, root));
  const believed = named !== null && own !== null && wouldBeUnbounded(named, own) ? null : named;
  const [dialect, saidBy] = firstOf([believed, 'config'], [hosted, 'host'], [own, 'server']);
  return {
    dialect,
    saidBy,
    own,
    models: entries?.map(readEntry).filter((entry) => entry !== null) ?? null,
    listStatus: list?.status ?? null,
  };
}

/** Many a config says OpenAI and means the protocol. */
function isLooselyMeant({ name }: Dialect): boolean {
  return name === 'openai' || name === 'azure';
}

/** A server that does not heed the bound of the dialect that was named would talk without end. */
function wouldBeUnbounded(named: Dialect, own: Dialect): boolean {
  return !own.tokenCapFields.includes(named.tokenCapFields[0]);
}

type Sayer = Exclude<ServerFacts['saidBy'], 'nobody'>;

function firstOf(...said: [Dialect | null, Sayer][]): [Dialect, ServerFacts['saidBy']] {
  for (const [dialect, by] of said) if (dialect !== null) return [dialect, by];
  return [dialectNamed('generic'), 'nobody'];
}

/** A reply to a GET; null = none came. */
export async function ask(
  client: Pick<ChatClient, 'query'>,
  path: string,
  body?: object,
): Promise<QueryReply | null> {
  return await client.query(path, { body, timeoutMs: QUERY_TIMEOUT_MS }).catch(() => null);
}

/** The JSON object of a reply of status 200; null = it holds none. */
export function jsonOf(reply: QueryReply | null): Json | null {
  if (reply?.status !== 200) return null;
  try {
    const value = JSON.parse(reply.body) as unknown;
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : null;
  } catch {
    return null;
  }
}

function entriesOf(list: QueryReply | null): Json[] | null {
  const data = jsonOf(list)?.data;
  if (!Array.isArray(data)) return null;
  return (data as unknown[]).filter((entry): entry is Json => typeof entry === 'object' && entry !== null);
}

function readEntry(entry: Json): ListedModel | null {
  if (typeof entry.id !== 'string') return null;
  const places = [entry.max_model_len, entry.context_length, entry.context_window];
  return { id: entry.id, contextWindow: places.find(isCount) ?? null };
}

/** Whether a value is a number of tokens. */
export function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
}

function ownerOf(list: QueryReply | null, entries: readonly Json[] | null): Dialect | null {
  const server = String(list?.headers.server ?? '');
  if (/llama\.cpp/i.test(server)) return dialectNamed('llama.cpp');
  if (entries === null || entries.length === 0) return null;
  const owners = entries.map(({ owned_by: owner }) =>
    typeof owner === 'string' ? OWNERS[owner] : undefined,
  );
  const known = owners.find((owner) => owner !== undefined);
  if (known !== undefined) return dialectNamed(known);
  // Python's own server class; its list has no owners.
  const isBare = entries.every(({ owned_by: owner }) => owner === undefined);
  return isBare && /^BaseHTTP\//.test(server) ? dialectNamed('mlx_lm') : null;
}

/** Paths that one server alone knows, each with what its reply must hold: some servers answer 200 to anything. */
const PROBES: readonly [path: string, dialect: DialectName, isIts: (reply: Json) => boolean][] = [
  ['/api/v0/models', 'lmstudio', ({ data }) => Array.isArray(data)],
  ['/api/version', 'ollama', ({ version }) => typeof version === 'string'],
  ['/props', 'llama.cpp', ({ default_generation_settings: settings }) => typeof settings === 'object'],
  ['/info', 'tgi', (info) => typeof info.model_id === 'string' && isCount(info.max_total_tokens)],
];

async function probe(client: Pick<ChatClient, 'query'>, root: string): Promise<Dialect | null> {
  for (const [path, dialect, isIts] of PROBES) {
    const reply = jsonOf(await ask(client, `${root}${path}`));
    if (reply !== null && isIts(reply)) return dialectNamed(dialect);
  }
  return null;
}
