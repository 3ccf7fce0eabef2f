import type { ChatRequest } from '../chat-request';
import { promptTokensOf } from '../completion';
import { repliesError } from '../faults/serve';
import { capOf, modelList, type Dialect, type Reaction, type ServerFacts } from './dialect';
import { GENERIC } from './generic';

/** vLLM: knows one model; prompt and asked answer together must fit its window. */
export const VLLM: Dialect = {
  ...GENERIC,
  defaultModel: 'openai/gpt-oss-20b',
  pages: {
    'GET /v1/models': (facts) =>
      modelList(facts, 'vllm', {
        root: facts.modelName,
        parent: null,
        max_model_len: facts.contextTokens ?? 131_072,
        permission: [],
      }),
    'GET /health': () => ({ status: 200, body: '' }),
    'GET /ping': () => ({ status: 200, body: '' }),
    'GET /version': () => ({ status: 200, body: { version: '0.11.0' } }),
  },
  unknownPath: () => ({ status: 404, body: { detail: 'Not Found' } }),
  reactTo: (chat, facts) => reactToModel(chat, facts) ?? reactToLength(chat, facts),
  messageFields: { refusal: null, tool_calls: [], reasoning: null, reasoning_content: null },
};

function reactToModel({ model }: ChatRequest, { modelName }: ServerFacts): Reaction | null {
  if (model === null || model === modelName) return null;
  return {
    fault: 36,
    variant: 'vllm',
    serve: repliesError(404, {
      message: `The model \`${model}\` does not exist.`,
      type: 'NotFoundError',
      param: 'model',
      code: 404,
    }),
  };
}

function reactToLength(chat: ChatRequest, { contextTokens }: ServerFacts): Reaction | null {
  const [asked, wanted] = [promptTokensOf(chat), capOf(VLLM, chat) ?? 0];
  if (contextTokens === null || asked + wanted <= contextTokens) return null;
  return {
    fault: 26,
    variant: 'vllm',
    serve: repliesError(400, {
      message: `You passed ${asked} input tokens and requested ${wanted} output tokens. However, the model's context length is only ${contextTokens} tokens.`,
      type: 'BadRequestError',
      param: 'input_tokens',
      code: 400,
    }),
  };
}
