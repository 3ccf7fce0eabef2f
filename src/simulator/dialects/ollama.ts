import { usageOf } from '../completion';
import { answers, repliesError } from '../faults/serve';
import { isOverWindow, modelList, type Dialect } from './dialect';
import { GENERIC } from './generic';

/** Ollama: does not know `max_completion_tokens`, and cuts a prompt over the window without a word. */
export const OLLAMA: Dialect = {
  ...GENERIC,
  defaultModel: 'gpt-oss:20b',
  pages: {
    'GET /': () => ({ status: 200, body: 'Ollama is running' }),
    'GET /v1/models': (facts) => modelList(facts, 'library'),
    'GET /api/version': () => ({ status: 200, body: { version: '0.12.6' } }),
    'GET /api/tags': ({ modelName }) => ({
      status: 200,
      body: { models: [{ name: modelName, model: modelName, size: 13_780_173_839 }] },
    }),
    'GET /api/ps': ({ modelName, contextTokens }) => ({
      status: 200,
      body: { models: [{ name: modelName, model: modelName, context_length: contextTokens ?? 4096 }] },
    }),
  },
  unknownPath: () => ({ status: 404, body: '404 page not found' }),
  reactTo: (chat, facts) => {
    if (chat.model !== facts.modelName) {
      const message = `model "${chat.model ?? ''}" not found, try pulling it first`;
      const serve = repliesError(404, { message, type: 'not_found_error' });
      return { fault: 36, variant: 'ollama', serve };
    }
    const { contextTokens } = facts;
    if (contextTokens === null || !isOverWindow(chat, facts)) return null;
    const serve = answers((completion) => {
      const { completion_tokens } = completion.usage;
      return { ...completion, usage: usageOf(contextTokens - completion_tokens, completion_tokens) };
    });
    return { fault: 8, variant: 'window-full', serve };
  },
  capParameters: ['max_tokens'],
};
