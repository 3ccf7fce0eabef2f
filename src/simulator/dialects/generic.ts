import type { Dialect } from './dialect';
import { modelList } from './dialect';

/** No server in particular: takes every parameter and every model name. */
export const GENERIC: Dialect = {
  defaultModel: 'simulated-model',
  pages: { 'GET /v1/models': (facts) => modelList(facts, 'simulator') },
  unknownPath: () => ({
    status: 404,
    body: {
      error: {
        message: 'The simulated model server knows no such path.',
        type: 'not_found',
        param: null,
        code: null,
      },
    },
  }),
  reactTo: () => null,
  servesAlone: () => false,
  capParameters: ['max_completion_tokens', 'max_tokens'],
  defaultCap: null,
  messageFields: {},
};
