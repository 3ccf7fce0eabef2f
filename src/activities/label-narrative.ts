/**
 * One narrative: asked until it has an answer, an error row, or nothing because the work was told to stop. What the
 * model or the server got wrong about it becomes an error row; what holds for every narrative is thrown.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ErrorCategory } from '../experiment';
import { CallFault } from '../llm/call-fault';
import { callWithRetries } from '../llm/call-with-retries';
import type { ResultToSave } from '../store/results';
import { ModelUnusable } from './model-unusable';
import { NarrativeCalls, type NarrativeTask } from './narrative-calls';

/** What became of a narrative; `left` = it has no result from this try, because it was told to stop or is settled. */
export type NarrativeOutcome = 'answered' | 'error' | 'left';

/** Tries that count, the first included; waits at a closed gate are none. */
const MAX_ATTEMPTS = 6;
const BASE_DELAY_MS = 1000;
const MAX_DELAY_MS = 60_000;

/** Asks about one narrative and saves the result. Throws ModelUnusable, and what the store throws. */
export async function labelNarrative(task: NarrativeTask): Promise<NarrativeOutcome> {
  const { dependencies, model, narrative, batch, stop } = task;
  const key = `${batch.experimentId}/${narrative.narrativeId}`;
  if (dependencies.inFlight.has(key)) return 'left';
  dependencies.inFlight.add(key);
  const { narrativeId, position } = narrative;
  const place = { ...batch, narrativeId, position };
  let became: NarrativeOutcome = 'left';
  dependencies.observe({ kind: 'narrative_began', place });
  const calls = new NarrativeCalls(task, key);
  try {
    for (;;) {
      const ended = await askWithRetries(task, calls);
      if (ended === 'again') continue;
      const outcome = ended?.outcome;
      seeEnd(
        task,
        calls,
        outcome === undefined ? 'left' : outcome.kind === 'error' ? outcome.category : null,
      );
      if (outcome !== undefined) became = outcome.kind === 'answer' ? 'answered' : 'error';
      return became;
    }
  } catch (error) {
    seeEnd(task, calls, 'left');
    if (stop.aborted && !(error instanceof ModelUnusable)) return 'left';
    throw error;
  } finally {
    for (const { shared } of model.endpoints) shared.gate.forget(key);
    dependencies.inFlight.delete(key);
    dependencies.observe({ kind: 'narrative_ended', place, outcome: became });
  }
}

/** Where it was asked last it ended so; at the other servers it was left. */
function seeEnd(
  { model }: NarrativeTask,
  { endpoint: last, key }: NarrativeCalls,
  category: ErrorCategory | null | 'left',
): void {
  for (const endpoint of model.endpoints) endpoint.faults.seeEnd(key, endpoint === last ? category : 'left');
}

/** null = settled meanwhile; `again` = the server is in trouble, which is waited for at the gate. */
async function askWithRetries(
  { dependencies, model, stop }: NarrativeTask,
  calls: NarrativeCalls,
): Promise<ResultToSave | 'again' | null> {
  try {
    const { value } = await callWithRetries(() => calls.next(), {
      maxAttempts: MAX_ATTEMPTS,
      baseMs: BASE_DELAY_MS,
      capMs: MAX_DELAY_MS,
      temperature: model.parameters.temperature,
      random: Math.random,
      sleep: (ms, signal) => sleep(ms, undefined, { signal }),
      now: () => calls.activeMs(),
      judge: (fault, tries, bounds) => calls.endpoint!.faults.judge(calls.key, fault, tries, bounds),
      signal: stop,
    });
    return value;
  } catch (error) {
    if (!(error instanceof CallFault)) throw error;
    if (error.ending === 'pause') {
      if (calls.leaveEndpointOut(error)) return 'again';
      throw new ModelUnusable(error);
    }
    if (error.ending === 'wait') {
      calls.endpoint!.shared.gate.closeBecauseOf(error);
      return 'again';
    }
    const result = calls.failedResult(error);
    await dependencies.writer.save(result);
    return result;
  }
}
