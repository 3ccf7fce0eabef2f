/** Calls back when a signal aborts, with one listener a signal however many want to know. */
export class AbortListeners {
  private readonly watched = new Map<AbortSignal, { callBacks: Set<() => void>; listener: () => void }>();

  /** `callBack` is called once, unless it is removed before by the function that this gives. */
  add(signal: AbortSignal, callBack: () => void): () => void {
    const { callBacks } = this.watched.get(signal) ?? this.watch(signal);
    callBacks.add(callBack);
    return () => {
      callBacks.delete(callBack);
      if (callBacks.size === 0) this.unwatch(signal);
    };
  }

  private watch(signal: AbortSignal): { callBacks: Set<() => void> } {
    const callBacks = new Set<() => void>();
    const listener = (): void => {
      this.watched.delete(signal);
      for (const callBack of callBacks) callBack();
    };
    signal.addEventListener('abort', listener, { once: true });
    const watched = { callBacks, listener };
    this.watched.set(signal, watched);
    return watched;
  }

  private unwatch(signal: AbortSignal): void {
    const watched = this.watched.get(signal);
    if (watched === undefined) return;
    signal.removeEventListener('abort', watched.listener);
    this.watched.delete(signal);
  }
}
