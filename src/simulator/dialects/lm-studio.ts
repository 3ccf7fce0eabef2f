import { promptTokensOf } from '../completion';
import { replies } from '../faults/serve';
import { isOverWindow, modelList, type Dialect } from './dialect';
import { GENERIC } from './generic';
import { asksForJsonObject } from './openai';

/** LM Studio: refuses `json_object`, and says 200 to paths it does not know. */
export const LM_STUDIO: Dialect = {
  ...GENERIC,
  defaultModel: 'openai/gpt-oss-20b',
  pages: {
    'GET /v1/models': (facts) => modelList(facts, 'organization_owner'),
    'GET /api/v0/models': ({ modelName, contextTokens }) => ({
      status: 200,
      body: {
        object: 'list',
        data: [
          {
            id: modelName,
            object: 'model',
            type: 'llm',
            state: 'loaded',
            max_context_length: 131_072,
            loaded_context_length: contextTokens ?? 4096,
          },
        ],
      },
    }),
  },
  unknownPath: (method, path) => ({
    status: 200,
    body: { error: `Unexpected endpoint or method. (${method} ${path})` },
  }),
  reactTo: (chat, facts) => {
    if (asksForJsonObject(chat.parameters)) {
      const error = "'response_format.type' must be 'json_schema' or 'text'";
      return { fault: 28, variant: 'response_format', serve: replies(400, { error }) };
    }
    if (!isOverWindow(chat, facts)) return null;
    const error = `Trying to keep the first ${promptTokensOf(chat)} tokens when context the overflows. However, the number of tokens to keep from the initial prompt is greater than the context length (${facts.contextTokens}).`;
    return { fault: 26, variant: 'lmstudio', serve: replies(400, { error }) };
  },
  capParameters: ['max_tokens'],
};
