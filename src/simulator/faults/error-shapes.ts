/** The shapes in which servers say that they failed; all with status 500. */
import type { Serve } from './fault';
import { replies, repliesError, repliesPage, repliesText } from './serve';

/** A failing server by the shape of what it says. */
export const ERROR_SHAPES: Readonly<Record<string, Serve>> = {
  object: repliesError(500, {
    message: 'The server had an error while processing your request.',
    type: 'server_error',
  }),
  'numeric-code': replies(500, {
    error: { code: 500, message: 'Internal failure', type: 'server_error' },
  }),
  'string-code': repliesError(500, {
    message: 'litellm.InternalServerError: Connection error.',
    type: null,
    code: '500',
  }),
  flat: replies(500, {
    object: 'error',
    message: 'Internal server error',
    type: 'InternalServerError',
    param: null,
    code: 500,
  }),
  string: replies(500, { error: 'llama runner process has terminated' }),
  'error-type': replies(500, {
    error: 'Incomplete generation stream',
    error_type: 'incomplete_generation_stream',
  }),
  detail: replies(500, { detail: 'Internal Server Error' }),
  text: repliesText(500, 'text/plain; charset=utf-8', 'Internal Server Error'),
  page: repliesPage(500, '500 Internal Server Error'),
  nothing: repliesText(500, 'text/plain', ''),
};
