/** Explains each call of the model server's log: needed, asked again after an error, or lost by a kill (I4). */
import type { Call, CallHistory } from './call-history';
import { CONCURRENCY, type Kill, type Stage } from './stage';

/** A call that was on its way as its client was killed may be logged a little later. */
const LOGGED_LATE_MS = 1000;
/** A reply that came so long before a kill had time to be stored, also on a busy machine. */
const STORED_WITHIN_MS = 2000;

/** What it is explained from. */
export type CallEvidence = Pick<Stage, 'kills' | 'troubles'> & { history: Pick<CallHistory, 'calls'> };

/** The account of an experiment's calls. */
export interface CallAccount {
  needed: number;
  made: number;
  /** The most calls that one kill cost. */
  mostPerKill: number;
  violations: string[];
}

/** Accounts for all calls of an experiment that has ended. */
export function accountCalls(stage: CallEvidence): CallAccount {
  const calls = stage.history.calls();
  const costs = new Map<Kill, number>();
  const account: CallAccount = { needed: 0, made: calls.length, mostPerKill: 0, violations: [] };
  for (const ofText of groupByText(calls)) {
    for (const [index, call] of ofText.entries()) {
      const next = ofText[index + 1];
      if (next === undefined || call.fault !== 0) account.needed += 1;
      else explain(stage, call, next, costs, account.violations);
    }
  }
  account.mostPerKill = Math.max(0, ...costs.values());
  for (const [{ component }, cost] of costs) {
    if (cost > CONCURRENCY)
      account.violations.push(
        `I4: a kill of ${component} cost ${cost} calls, with ${CONCURRENCY} in flight at most`,
      );
  }
  return account;
}

function groupByText(calls: readonly Call[]): Call[][] {
  const groups = new Map<string, Call[]>();
  for (const call of calls) {
    const group = groups.get(call.digest);
    if (group === undefined) groups.set(call.digest, [call]);
    else group.push(call);
  }
  return [...groups.values()];
}

/** A good answer was asked for again: something that loses calls must have been killed between. */
function explain(
  { kills, troubles }: CallEvidence,
  call: Call,
  next: Call,
  costs: Map<Kill, number>,
  violations: string[],
): void {
  const text = call.digest.slice(0, 8);
  const times = `${new Date(call.startedMs).toISOString()} and ${new Date(next.startedMs).toISOString()}`;
  const losing = kills.filter(({ component }) => component !== 'temporal' && component !== 'guard');
  const kill =
    losing.find(({ atMs }) => atMs >= call.startedMs && atMs <= next.startedMs) ??
    losing.findLast(({ atMs }) => atMs >= call.startedMs - LOGGED_LATE_MS && atMs <= next.startedMs);
  if (kill === undefined) {
    violations.push(`I4: text ${text} was asked twice and nothing was killed between (${times})`);
    return;
  }
  costs.set(kill, (costs.get(kill) ?? 0) + 1);
  const { endedMs, isAborted } = call;
  if (endedMs === null || isAborted || kill.atMs - endedMs < STORED_WITHIN_MS) return;
  const wasHeldUp = troubles.some(
    ({ fromMs, toMs }) => fromMs <= kill.atMs && toMs >= endedMs - STORED_WITHIN_MS,
  );
  if (!wasHeldUp)
    violations.push(
      `I4: the answer to text ${text} came ${kill.atMs - endedMs} ms before a kill and was lost`,
    );
}
