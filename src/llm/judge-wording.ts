import type { Verdict } from './judge-status';
import { isContextOverflow } from './context-overflow';
import { RULES } from './fault-rule';
import type { ErrorBody } from './read-error-body';

/** How a server says, with status 200, that it has no such path. */
const NO_SUCH_PATH = /unexpected endpoint/i;
const CONTENT_FILTER = /content_filter|content_policy_violation|ResponsibleAIPolicyViolation/i;

/** What an error says about this one narrative, whatever its status; null = nothing. */
export function judgeWording(said: ErrorBody): Verdict | null {
  if (isContextOverflow(said)) return { kind: 'narrative', category: 'context_overflow' };
  if (isContentFilter(said)) return { kind: 'narrative', category: 'content_filter', rule: RULES.filtered };
  return null;
}

/** Whether an error of status 200 means that the path is wrong. */
export function isWrongPath({ message }: ErrorBody): boolean {
  return NO_SUCH_PATH.test(message ?? '');
}

/** Whether the server names its content filter; its prose is not looked at. */
export function isContentFilter({ code, type }: ErrorBody): boolean {
  return CONTENT_FILTER.test(`${code ?? ''} ${type ?? ''}`);
}
