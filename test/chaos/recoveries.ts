/** How long it took to the next call after a kill -9, where nothing else stood in its way. */
import type { Stage } from './stage';

export const RECOVERY_KINDS = ['worker alone', 'server alone', 'both'] as const;

/** Milliseconds from the start of the next process, or from the death of a server alone, to the first new call. */
export interface Recovery {
  kind: (typeof RECOVERY_KINDS)[number];
  ms: number;
}

/** The recoveries of an experiment. One that a further fault met, or that had nothing left to ask, is none. */
export function recoveriesOf(stage: Stage): Recovery[] {
  const { clients, kills, troubles, history } = stage;
  const found: Recovery[] = [];
  const add = (kind: Recovery['kind'], sinceMs: number): void => {
    const firstMs = history.firstSince(sinceMs + 1);
    if (firstMs === null) return;
    const wasMet =
      kills.some(({ atMs }) => atMs > sinceMs && atMs < firstMs) ||
      clients.some(({ spawnedMs }) => spawnedMs > sinceMs && spawnedMs < firstMs) ||
      troubles.some(({ fromMs, toMs }) => fromMs < firstMs && toMs > sinceMs);
    if (!wasMet) found.push({ kind, ms: firstMs - sinceMs });
  };
  for (const { after, spawnedMs } of clients) {
    if (after !== null) add(after === 'all' ? 'both' : 'worker alone', spawnedMs);
  }
  for (const { component, atMs } of kills) {
    if (component === 'temporal' || component === 'guard') add('server alone', atMs);
  }
  return found;
}
