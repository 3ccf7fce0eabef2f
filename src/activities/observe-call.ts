/** Tells of a call that came to its end. */
import type { NarrativeTask } from './narrative-calls';
import { faultFactsOf, type FaultFacts } from './work-event';

/** A call about the narrative at a server; `fault` null = a reply came. */
export function observeCall(
  { dependencies, batch, narrative }: Pick<NarrativeTask, 'dependencies' | 'batch' | 'narrative'>,
  { origin, tookMs, fault }: { origin: string; tookMs: number; fault: FaultFacts | null },
): void {
  const { narrativeId, position } = narrative;
  dependencies.observe({
    kind: 'call',
    place: { ...batch, narrativeId, position },
    endpoint: origin,
    tookMs,
    fault: fault === null ? null : faultFactsOf(fault),
  });
}
