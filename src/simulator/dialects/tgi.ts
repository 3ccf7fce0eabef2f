import { promptTokensOf } from '../completion';
import { replies } from '../faults/serve';
import { capOf, modelList, type Dialect } from './dialect';
import { GENERIC } from './generic';

/** TGI: prompt and asked answer together must fit; 422 for what it cannot take. */
export const TGI: Dialect = {
  ...GENERIC,
  defaultModel: 'openai/gpt-oss-20b',
  pages: {
    'GET /v1/models': (facts) => modelList(facts, facts.modelName),
    'GET /health': () => ({ status: 200, body: '' }),
    'GET /info': ({ modelName, contextTokens, slots }) => ({
      status: 200,
      body: {
        model_id: modelName,
        max_concurrent_requests: slots ?? 128,
        max_total_tokens: contextTokens ?? 131_072,
        version: '3.3.6',
      },
    }),
  },
  unknownPath: () => ({ status: 404, body: '' }),
  reactTo: (chat, { contextTokens }) => {
    const { temperature } = chat.parameters;
    if (typeof temperature === 'number' && temperature < 0) {
      return invalid(42, 'parameter', '`temperature` must be strictly positive');
    }
    const [asked, wanted] = [promptTokensOf(chat), capOf(TGI, chat) ?? 0];
    if (contextTokens === null || asked + wanted <= contextTokens) return null;
    const message = `\`inputs\` tokens + \`max_new_tokens\` must be <= ${contextTokens}. Given: ${asked} \`inputs\` tokens and ${wanted} \`max_new_tokens\``;
    return invalid(42, 'length', message);
  },
};

function invalid(fault: number, variant: string, message: string) {
  const body = { error: `Input validation error: ${message}`, error_type: 'validation' };
  return { fault, variant, serve: replies(422, body) };
}
