/** What can be said to a running workflow from another terminal or the Web UI: pause, resume, retry errors; and by its worker. */
import {
  CancellationScope,
  defineSignal,
  defineUpdate,
  setHandler,
  type CancellationScope as Scope,
} from '@temporalio/workflow';
import {
  PAUSE_SIGNAL,
  PROGRESS_SIGNAL,
  RESUME_SIGNAL,
  RETRY_ERRORS_UPDATE,
  type ErrorCategory,
  type ExperimentProgress,
  type RetryErrorsInput,
} from '../experiment';
import { showProgress } from './show-standing';

const pauseSignal = defineSignal<[string?]>(PAUSE_SIGNAL);
const resumeSignal = defineSignal(RESUME_SIGNAL);
const progressSignal = defineSignal<[ExperimentProgress]>(PROGRESS_SIGNAL);
const retryErrorsUpdate = defineUpdate<number, [RetryErrorsInput?]>(RETRY_ERRORS_UPDATE);

/** What the messages so far ask for. */
export interface Messages {
  /** Why the experiment is paused; null = it is not. */
  pausedBy: string | null;
  /** Runs the work in a scope of its own, which a pause cancels: calls in flight finish and are saved. */
  whileNotPaused<T>(work: () => Promise<T>): Promise<T>;
  /** Whether a retry of errors was added since `forgetRetryRequest`. */
  isRetryRequested(): boolean;
  forgetRetryRequest(): void;
}

/** Registers the handlers; call it before the first await. `requestRetry` adds a pass and counts what it will ask. */
export function listenForMessages(
  requestRetry: (categories: readonly ErrorCategory[] | null) => Promise<number>,
): Messages {
  let working: Scope | null = null;
  let isRetryRequested = false;
  const messages: Messages = {
    pausedBy: null,
    whileNotPaused: (work) =>
      CancellationScope.cancellable(async () => {
        working = CancellationScope.current();
        if (messages.pausedBy !== null) working.cancel();
        try {
          return await work();
        } finally {
          working = null;
        }
      }),
    isRetryRequested: () => isRetryRequested,
    forgetRetryRequest: () => {
      isRetryRequested = false;
    },
  };
  const pause = (reason?: string): void => {
    messages.pausedBy ??= reason ?? 'paused by hand';
    working?.cancel();
  };
  const resume = (): void => {
    messages.pausedBy = null;
  };
  const retryErrors = async (input?: RetryErrorsInput): Promise<number> => {
    const nRequested = await CancellationScope.nonCancellable(() => requestRetry(input?.categories ?? null));
    isRetryRequested = true;
    return nRequested;
  };
  setHandler(pauseSignal, pause, {
    description: 'Stops making calls; those in flight finish and are saved. Argument: why (optional).',
  });
  setHandler(resumeSignal, resume, { description: 'Goes on where it was paused.' });
  const progress = (told: ExperimentProgress): void => {
    if (messages.pausedBy === null) showProgress(told);
  };
  setHandler(progressSignal, progress, {
    description: 'From the worker, when the model server goes or comes back; it only changes what is shown.',
  });
  setHandler(retryErrorsUpdate, retryErrors, {
    description: 'Asks the narratives with an error again. Argument (optional): {"categories": ["timeout"]}.',
  });
  return messages;
}
