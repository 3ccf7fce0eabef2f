/** Rows 49 to 53 and 55: the server or a proxy before it fails. */
import { ERROR_SHAPES } from './error-shapes';
import type { Fault } from './fault';
import { replies, repliesError, repliesPage, repliesText } from './serve';
import { alone, everyTime, givenUpLater, stopping, transient } from './variant';

const ELSEWHERE = { location: 'http://elsewhere.invalid/v1/chat/completions' };

/** Rows about failing servers. */
export const SERVER_FAULTS: readonly Fault[] = [
  row(
    49,
    '500 once, each shape of error body',
    Object.entries(ERROR_SHAPES).map(([shape, serve]) => transient('http_5xx', serve, shape)),
  ),
  row(50, '500 for ever (engine dead, /health still 200)', [
    alone(
      everyTime(
        transient(
          'http_5xx',
          repliesError(500, {
            message: 'EngineCore encountered an issue. See stack trace (above) for the root cause.',
            type: 'EngineDeadError',
            code: 500,
          }),
        ),
      ),
    ),
  ]),
  row(51, '500 on one text always', [
    everyTime(
      givenUpLater(
        'http_5xx',
        replies(500, { error: 'Incomplete generation', error_type: 'incomplete_generation' }),
      ),
    ),
  ]),
  row(52, '502, 504 or 524: page of a proxy', [
    transient('http_5xx', repliesPage(502, '502 Bad Gateway'), '502'),
    transient('http_5xx', repliesPage(504, '504 Gateway Time-out'), '504'),
    transient('http_5xx', repliesPage(524, '524: A timeout occurred'), '524'),
  ]),
  row(53, '503 loading the model', [
    transient(
      'http_5xx',
      replies(503, { error: { code: 503, message: 'Loading model', type: 'unavailable_error' } }),
      'llama.cpp',
    ),
    transient('http_5xx', replies(503, { error: 'unhealthy', error_type: 'healthcheck' }), 'tgi'),
  ]),
  row(55, '307 or 308 to another host', [
    stopping('api_error', repliesText(307, 'text/plain', '', ELSEWHERE), '307'),
    stopping('api_error', repliesText(308, 'text/plain', '', ELSEWHERE), '308'),
  ]),
];

function row(number: number, name: string, variants: Fault['variants']): Fault {
  return { number, name, group: 'error status', servedBy: 'reply', variants };
}
