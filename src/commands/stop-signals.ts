/** Ctrl-C, SIGTERM and SIGHUP: the first asks for an orderly stop, the second ends the process at once. */

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** An abort signal that the first stop signal fires; `onSecond` runs at the second. */
export interface StopSignals {
  stopping: AbortSignal;
  /** Gives the signals back to Node. */
  dispose(): void;
}

/** Begins to listen. */
export function listenForStop(onFirst: () => void, onSecond: () => void): StopSignals {
  const controller = new AbortController();
  const listener = (): void => {
    if (controller.signal.aborted) return onSecond();
    controller.abort();
    onFirst();
  };
  for (const signal of SIGNALS) process.on(signal, listener);
  return {
    stopping: controller.signal,
    dispose: () => {
      for (const signal of SIGNALS) process.off(signal, listener);
    },
  };
}
