import type { Verdict } from './judge-status';
import { isContextOverflow } from './context-overflow';
import { RULES } from './fault-rule';
import type { ErrorBody } from './read-error-body';

const CONTENT_FILTER = /content_filter|content_policy_violation|ResponsibleAIPolicyViolation/i;

/** What an error says about this one narrative, whatever its status; null = nothing. */
export function judgeWording(said: ErrorBody): Verdict | null {
  if (isContextOverflow(said)) return { kind: 'narrative', category: 'context_overflow' };
  if (isContentFilter(said)) return { kind: 'narrative', category: 'content_filter', rule: RULES.filtered };
  return null;
}

/** Whether the server names its content filter; its prose is not looked at. */
export function isContentFilter({ code, type }: ErrorBody): boolean {
  return CONTENT_FILTER.test(`${code ?? ''} ${type ?? ''}`);
}
