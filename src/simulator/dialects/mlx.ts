import { modelList, type Dialect } from './dialect';
import { GENERIC } from './generic';

/**
 * mlx_lm.server: stops at 512 tokens where no cap is given, ignores `response_format`, and cannot batch a request with a
 * seed.
 */
export const MLX: Dialect = {
  ...GENERIC,
  defaultModel: 'mlx-community/gpt-oss-20b-MXFP4-Q8',
  pages: {
    'GET /v1/models': (facts) => modelList(facts, 'mlx'),
    'GET /health': () => ({ status: 200, body: { status: 'ok' } }),
  },
  unknownPath: () => ({ status: 404, body: 'Not Found', type: 'application/json' }),
  servesAlone: ({ parameters }) => typeof parameters.seed === 'number',
  defaultCap: 512,
};
