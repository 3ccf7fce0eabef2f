import { promptTokensOf } from '../completion';
import { replies } from '../faults/serve';
import { isOverWindow, modelList, type Dialect, type ServerFacts } from './dialect';
import { GENERIC } from './generic';

/** llama.cpp: answers with the model it has, whatever name is asked for, and tells its slots. */
export const LLAMA_CPP: Dialect = {
  ...GENERIC,
  defaultModel: 'gpt-oss-20b-mxfp4.gguf',
  pages: {
    'GET /v1/models': (facts) => modelList(facts, 'llamacpp', { meta: { n_ctx_train: windowOf(facts) } }),
    'GET /health': () => ({ status: 200, body: { status: 'ok' } }),
    'GET /props': (facts) => ({
      status: 200,
      body: {
        default_generation_settings: { n_ctx: windowOf(facts) },
        total_slots: facts.slots ?? 1,
        model_path: `/models/${facts.modelName}`,
        build_info: 'b6500-simulated',
      },
    }),
  },
  unknownPath: () => ({
    status: 404,
    body: { error: { code: 404, message: 'File Not Found', type: 'not_found_error' } },
  }),
  reactTo: (chat, facts) => {
    if (!isOverWindow(chat, facts)) return null;
    const [asked, window] = [promptTokensOf(chat), windowOf(facts)];
    const message = `request (${asked} tokens) exceeds the available context size (${window} tokens), try increasing it`;
    const error = {
      code: 400,
      message,
      type: 'exceed_context_size_error',
      n_prompt_tokens: asked,
      n_ctx: window,
    };
    return { fault: 26, variant: 'llama.cpp', serve: replies(400, { error }) };
  },
  messageFields: { reasoning_content: null },
};

function windowOf({ contextTokens }: ServerFacts): number {
  return contextTokens ?? 131_072;
}
