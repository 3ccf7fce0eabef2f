/** Asks a server for the size of its context window, once the model has answered: some load it only then. */
import type { ChatClient } from './chat-client';
import { ask, isCount, jsonOf, type ListedModel } from './detect-server';
import type { Dialect } from './dialect';
import { serverPaths } from './server-paths';

type Json = Record<string, unknown>;

/** What the window is asked about. */
export interface WindowQuestion {
  dialect: Dialect;
  apiUrl: string;
  modelName: string;
  /** The list of models as it was read; null = there is none. */
  models: readonly ListedModel[] | null;
}

/** Tokens of prompt and reply together that the model takes; null = the server does not tell. */
export async function readContextWindow(
  client: Pick<ChatClient, 'query'>,
  { dialect, apiUrl, modelName, models }: WindowQuestion,
): Promise<number | null> {
  const { root } = serverPaths(apiUrl);
  const get = async (path: string, body?: object): Promise<Json | null> =>
    jsonOf(await ask(client, `${root}${path}`, body));
  switch (dialect.limitSource) {
    case 'none':
      return null;
    case 'model list':
      return windowInList(models, modelName);
    case 'llama.cpp /props':
      return countOf(objectOf((await get('/props'))?.default_generation_settings).n_ctx);
    case 'TGI /info':
      return countOf((await get('/info'))?.max_total_tokens);
    case 'LM Studio /api/v0/models':
      return countOf(entryOf((await get('/api/v0/models'))?.data, modelName).loaded_context_length);
    case 'Ollama /api/show': {
      const loaded = countOf(entryOf((await get('/api/ps'))?.models, modelName).context_length);
      return loaded ?? windowInParameters((await get('/api/show', { model: modelName }))?.parameters);
    }
  }
}

/** A server with one model answers with it, by whatever name it is asked. */
function windowInList(models: readonly ListedModel[] | null, modelName: string): number | null {
  const named = models?.find(({ id }) => id === modelName);
  return (named ?? (models?.length === 1 ? models[0] : undefined))?.contextWindow ?? null;
}

/** The entry of a model in a list, by its id or name; without a tag the latest is meant. */
function entryOf(list: unknown, modelName: string): Json {
  const entries = (Array.isArray(list) ? (list as unknown[]) : []).map(objectOf);
  const names = [modelName, `${modelName}:latest`];
  const isNamed = (name: unknown): boolean => typeof name === 'string' && names.includes(name);
  return entries.find(({ id, name, model }) => [id, name, model].some(isNamed)) ?? {};
}

/** A line such as `num_ctx 8192` among the parameters of a model. */
function windowInParameters(parameters: unknown): number | null {
  const text = typeof parameters === 'string' ? parameters : '';
  const tokens = /^num_ctx\s+(\d+)$/m.exec(text)?.[1];
  return tokens === undefined ? null : countOf(Number(tokens));
}

function countOf(value: unknown): number | null {
  return isCount(value) ? value : null;
}

function objectOf(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {};
}
