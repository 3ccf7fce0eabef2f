/** What a long database activity does between its parts: it says that it lives, and ends when it is told to. */
import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';

/** Gives what is to be called; that throws when this process is told to stop, or the workflow has been cancelled. */
export function betweenParts(stopping: AbortSignal): () => void {
  const context = Context.current();
  return () => {
    context.heartbeat();
    if (stopping.aborted || context.cancellationSignal.aborted)
      throw ApplicationFailure.retryable('stopped before its end', 'Stopped');
  };
}
