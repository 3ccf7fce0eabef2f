/** What the Web UI shows about a workflow, in Markdown; its user presses R to see the newest. */
import type { ExperimentOutcome, ExperimentProgress, ExperimentStatus } from '../experiment';

/** The Web UI (seen in 2.42) cuts the last line of what it shows: an empty one is put there. */
const LAST_LINE = '\u00a0';

/** While it works: how far, how fast, until when and, where it waits, for what. The Web UI shows about six lines. */
export function describeProgress(progress: ExperimentProgress): string {
  const { nErrors, narrativesPerMinute: rate, estimatedCompletionTime: end, status = 'running' } = progress;
  const facts = [
    describeErrors(nErrors),
    rate === null ? 'rate not known yet' : `${rate.toFixed(1)} a minute`,
    end === null ? 'end not known yet' : `done about ${toTheMinute(end)}`,
  ];
  const lines = [describeCounts(progress, status), facts.join(' · ')];
  if (status === 'waiting_llm')
    lines.push(`**Waiting**: ${progress.reason ?? 'the model server does not answer'}.`);
  return [...lines, LAST_LINE].join('\n\n');
}

/** When it has stopped: how far it came, why it stopped, and how it goes on. */
export function describeOutcome(outcome: ExperimentOutcome): string {
  const { status, reason, nErrors } = outcome;
  const lines = [describeCounts(outcome, status), describeErrors(nErrors)];
  if (reason !== null) lines.push(`**Why**: ${reason}.`);
  if (status === 'paused') lines.push('To go on: `client resume`, or the signal `resume`.');
  if (status === 'completed_with_errors') lines.push('To ask them again: `client resume --retry-errors`.');
  return [...lines, LAST_LINE].join('\n\n');
}

function describeCounts(
  { nCompleted, nTotal }: { nCompleted: number; nTotal: number },
  status: ExperimentStatus,
): string {
  const percent = nTotal === 0 ? 100 : Math.floor((nCompleted / nTotal) * 1000) / 10;
  return `**${nCompleted} of ${nTotal}** narratives (${percent.toFixed(1)} %) · \`${status}\``;
}

function describeErrors(nErrors: number): string {
  return nErrors === 1 ? '1 error' : `${nErrors} errors`;
}

/** From ISO 8601 in UTC. */
function toTheMinute(time: string): string {
  return `${time.slice(0, 16).replace('T', ' ')} UTC`;
}
