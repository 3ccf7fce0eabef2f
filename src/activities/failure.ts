/**
 * The boundary between our errors and Temporal's history: only fixed messages cross it. Whatever else an activity
 * throws might quote a text, so its message stays behind.
 */
import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { EXPERIMENT_BLOCKED } from '../experiment';
import { diskTroubleOf } from '../store/disk-trouble';

/** After so many attempts an unknown error is a bug that another attempt will not cure. */
const MAX_ATTEMPTS_ON_UNKNOWN_ERROR = 5;

/** The failure that pauses the experiment; `reason` is fixed text for its user. */
export function experimentBlocked(reason: string): ApplicationFailure {
  return ApplicationFailure.create({ message: reason, type: EXPERIMENT_BLOCKED, nonRetryable: true });
}

/** The failure of an activity that finds the results file gone; the worker is about to stop. */
export function fileNotInPlace(): ApplicationFailure {
  const message = 'the results file was deleted or replaced while it was open';
  return ApplicationFailure.create({ message, type: 'ResultsFileReplaced' });
}

/** Runs an activity and turns what it throws into a failure without the original message, stack or cause. */
export async function withFailureBoundary<T>(activity: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw toFailure(activity, error, Context.current().info.attempt);
  }
}

/** An ApplicationFailure as it is; anything else by its class and code only. */
export function toFailure(activity: string, error: unknown, attempt: number): ApplicationFailure {
  if (error instanceof ApplicationFailure) return withoutStack(error);
  const name = error instanceof Error ? error.name : typeof error;
  const code = (error as { code?: unknown } | null)?.code;
  const failure = ApplicationFailure.create({
    message: `${activity} failed: ${name}${typeof code === 'string' ? ` (${code})` : ''}${positionOf(error)}`,
    type: name,
    nonRetryable: diskTroubleOf(error) === null && attempt >= MAX_ATTEMPTS_ON_UNKNOWN_ERROR,
  });
  return withoutStack(failure);
}

/** The first line of the stack that names a place: it helps to find a bug and quotes nothing. */
function positionOf(error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const place = /^\s+at .*?([\w.-]+\.[jt]s:\d+:\d+)\)?$/m.exec(stack)?.[1];
  return place === undefined ? '' : ` at ${place}`;
}

function withoutStack(failure: ApplicationFailure): ApplicationFailure {
  failure.stack = '';
  return failure;
}
