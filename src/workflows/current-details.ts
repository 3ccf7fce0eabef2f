/** What the Web UI shows about a workflow, in Markdown. */
import type { ExperimentOutcome, ExperimentProgress } from '../experiment';

/** One line while it works. */
export function describeProgress(progress: ExperimentProgress): string {
  const rate = progress.narrativesPerMinute;
  return [
    `**${progress.nCompleted} / ${progress.nTotal}**`,
    `${progress.nErrors} errors`,
    rate === null ? 'rate not known yet' : `${rate.toFixed(1)} a minute`,
    `done about ${progress.estimatedCompletionTime ?? 'unknown'}`,
  ].join(' · ');
}

/** One line when it has stopped. */
export function describeOutcome({ status, reason, nTotal, nCompleted, nErrors }: ExperimentOutcome): string {
  const why = reason === null ? '' : `: ${reason}`;
  return [`**${nCompleted} / ${nTotal}**`, `${nErrors} errors`, `_${status}_${why}`].join(' · ');
}
