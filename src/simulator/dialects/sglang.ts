import { promptTokensOf } from '../completion';
import { replies } from '../faults/serve';
import { isOverWindow, modelList, type Dialect } from './dialect';
import { GENERIC } from './generic';

/** SGLang: flat error bodies. */
export const SGLANG: Dialect = {
  ...GENERIC,
  defaultModel: 'openai/gpt-oss-20b',
  pages: {
    'GET /v1/models': (facts) =>
      modelList(facts, 'sglang', { root: facts.modelName, max_model_len: facts.contextTokens ?? 131_072 }),
    'GET /health': () => ({ status: 200, body: '' }),
    'GET /get_model_info': ({ modelName }) => ({
      status: 200,
      body: { model_path: modelName, tokenizer_path: modelName, is_generation: true },
    }),
    'GET /get_server_info': ({ modelName, contextTokens }) => ({
      status: 200,
      body: { model_path: modelName, context_length: contextTokens, version: '0.5.3' },
    }),
  },
  unknownPath: () => ({ status: 404, body: { detail: 'Not Found' } }),
  reactTo: (chat, facts) => {
    if (!isOverWindow(chat, facts)) return null;
    const message = `The input (${promptTokensOf(chat)} tokens) is longer than the model's context length (${facts.contextTokens} tokens).`;
    const body = { object: 'error', message, type: 'BadRequestError', param: null, code: 400 };
    return { fault: 26, variant: 'sglang', serve: replies(400, body) };
  },
  messageFields: { reasoning_content: null, tool_calls: null },
};
