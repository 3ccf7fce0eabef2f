import { dialectNamed } from './dialect';
import type { EffectiveParameters } from './effective-parameters';

/** What one call asks. */
export interface ChatRequest {
  model: string;
  /** Empty = no system message. */
  system: string;
  user: string;
  parameters: EffectiveParameters;
}

/** Any object: the prompt says which one, and what else it holds is the parser's business. */
const ANY_OBJECT = { type: 'object' };

/** The body of a chat completion call: only fields that the experiment's dialect knows, and none that is null. */
export function chatBody({ model, system, user, parameters }: ChatRequest): object {
  const { temperature, seed, jsonMode } = parameters;
  const messages = [
    ...(system === '' ? [] : [{ role: 'system', content: system }]),
    { role: 'user', content: user },
  ];
  return {
    model,
    messages,
    ...(temperature === null ? {} : { temperature }),
    ...(seed === null ? {} : { seed }),
    ...(jsonMode === 'none' ? {} : { response_format: responseFormat(jsonMode, parameters) }),
    stream: false,
    [parameters.tokenCapField]: parameters.maxTokens,
  };
}

function responseFormat(jsonMode: 'json_schema' | 'json_object', { dialect }: EffectiveParameters): object {
  if (jsonMode === 'json_object') return { type: 'json_object' };
  if (dialectNamed(dialect).schemaPlace === 'response_format')
    return { type: 'json_schema', schema: ANY_OBJECT };
  return { type: 'json_schema', json_schema: { name: 'answer', schema: ANY_OBJECT } };
}
