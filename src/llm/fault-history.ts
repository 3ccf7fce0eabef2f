/**
 * What the faults of one experiment mean together, where one alone does not say it: three narratives in a row that meet
 * the same page, a content filter that holds back more than a few, a narrative that fails while others are answered, a
 * model that changes on the way. One object an experiment and process; it has no I/O and keeps no text.
 *
 * How it is used, for each narrative:
 *
 *   callWithRetries(attempt, { ...bounds, judge: (...all) => history.judge(narrativeId, ...all) })
 *     `attempt` sends, then asks `history.seeReply(narrativeId, reply)`: a string that comes back is the reason to
 *     pause, and the reply is not saved. It reads the reply, and throws what `judgeReply` gives, so that the loop goes
 *     on as the rule of the fault says.
 *   history.seeEnd(narrativeId, category)
 *     once its row is written: null for an answer, else the category of the error; also when it is left without a row.
 *
 * A thrown CallFault has its `ending`: `row` = write the error row, `wait` = the server is in trouble, write nothing and
 * ask again later, `pause` = stop the experiment, with `pauseReason` or else the fault itself as the reason.
 */
import type { ErrorCategory } from '../experiment';
import type { CallFault } from './call-fault';
import { judgeRetry, type RetryBounds, type RetryJudgement, type TriesSoFar } from './judge-retry';
import { plainModelName } from './plain-model-name';
import type { ChatReply } from './read-reply';

/** Narratives that must have ended before a share of them means anything. */
const LEAST_ENDED_FOR_A_SHARE = 100;

/** What is known when a process begins or goes on with an experiment. */
export interface FaultHistoryStart {
  /** The model that replied before at this endpoint; null = not known. */
  repliedModel: string | null;
}

type NarrativeId = number | string;

export class FaultHistory {
  private model: string | null;
  /** Replies so far, of whatever content. */
  private replies = 0;
  /** For each narrative with a fault and no end: how many replies to others there were before its first fault. */
  private readonly repliesBefore = new Map<NarrativeId, number>();
  /** The fault that came last, and how often each narrative met it since anything else came. */
  private streak = noStreak();
  private ended = 0;
  private readonly endedBy = new Map<ErrorCategory, number>();

  constructor({ repliedModel }: FaultHistoryStart) {
    this.model = repliedModel;
  }

  /** Takes note of a reply; gives the reason to pause when another model answers than before, else null. */
  seeReply(narrativeId: NarrativeId, { model }: Pick<ChatReply, 'model'>): string | null {
    this.replies += 1;
    const before = this.repliesBefore.get(narrativeId);
    // Its own replies say nothing about how the others fare.
    if (before !== undefined) this.repliesBefore.set(narrativeId, before + 1);
    this.streak = noStreak();
    if (model === null || model === this.model) return null;
    const earlier = this.model;
    if (earlier === null) {
      this.model = model;
      return null;
    }
    return (
      `the model server answers as ${plainModelName(model)} now and answered as ${plainModelName(earlier)} before: ` +
      'load the earlier model again, or begin a new experiment with --new'
    );
  }

  /** Judges a faulty call: another try, or how the calls for the narrative end. */
  judge(narrativeId: NarrativeId, fault: CallFault, tries: TriesSoFar, bounds: RetryBounds): RetryJudgement {
    if (!this.repliesBefore.has(narrativeId)) this.repliesBefore.set(narrativeId, this.replies);
    const pauseReason = this.reasonInRow(narrativeId, fault) ?? this.reasonInShare(fault);
    if (pauseReason !== null) return { next: 'end', ending: 'pause', pauseReason };
    const judgement = judgeRetry(fault, tries, bounds);
    if (judgement.next === 'retry' || judgement.ending !== 'wait') return judgement;
    return this.isItsOwnFault(narrativeId, fault) ? { ...judgement, ending: 'row' } : judgement;
  }

  /** Takes note that the calls for a narrative are over: by an answer (null), by an error row, or for now. */
  seeEnd(narrativeId: NarrativeId, category: ErrorCategory | null | 'left'): void {
    this.repliesBefore.delete(narrativeId);
    if (category === 'left') return;
    this.ended += 1;
    if (category !== null) this.endedBy.set(category, (this.endedBy.get(category) ?? 0) + 1);
  }

  private reasonInRow(narrativeId: NarrativeId, fault: CallFault): string | null {
    const name = `${fault.httpStatus} ${fault.message}`;
    if (this.streak.fault !== name) this.streak = noStreak(name);
    const { met } = this.streak;
    const tries = (met.get(narrativeId) ?? 0) + 1;
    met.set(narrativeId, tries);
    const { pauseAfter, maxRetries = 0 } = fault.rule;
    if (pauseAfter === undefined) return null;
    const usedUp = [...met.values()].filter((count) => count > maxRetries).length;
    const inARow = pauseAfter.of === 'tries' ? tries : usedUp;
    if (inARow < pauseAfter.inARow) return null;
    return `${inARow} ${pauseAfter.of} in a row met the same fault (${fault.message})`;
  }

  private reasonInShare({ rule, category }: CallFault): string | null {
    if (rule.pauseAboveShare === undefined) return null;
    const met = (this.endedBy.get(category) ?? 0) + 1;
    const ended = this.ended + 1;
    if (ended < LEAST_ENDED_FOR_A_SHARE || met <= rule.pauseAboveShare * ended) return null;
    return `${met} of ${ended} narratives ended as ${category}, more than ${rule.pauseAboveShare * 100} %`;
  }

  /** Others were answered since it began to fail, so the server is not in trouble; limits and loading are never its own. */
  private isItsOwnFault(narrativeId: NarrativeId, fault: CallFault): boolean {
    const isForAll =
      fault.cannotConnect || fault.category === 'rate_limit' || fault.rule.waitUncountedMs !== undefined;
    return !isForAll && fault.retryAfterMs === null && this.replies > this.repliesBefore.get(narrativeId)!;
  }
}

function noStreak(fault = ''): { fault: string; met: Map<NarrativeId, number> } {
  return { fault, met: new Map() };
}
