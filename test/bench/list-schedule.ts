/** The ideal: calls of known times on so many slots, each begun as soon as a slot is free. */

/** Milliseconds until the last call has ended, when calls begin in the order of the list and nothing else takes time. */
export function listScheduleMs(timesMs: readonly number[], slots: number): number {
  const freeAtMs = Array.from({ length: Math.min(slots, timesMs.length) }, () => 0);
  for (const timeMs of timesMs) {
    let first = 0;
    for (let slot = 1; slot < freeAtMs.length; slot += 1)
      if (freeAtMs[slot]! < freeAtMs[first]!) first = slot;
    freeAtMs[first]! += timeMs;
  }
  return Math.max(0, ...freeAtMs);
}
