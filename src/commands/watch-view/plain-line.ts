/** What a live view prints where there is no terminal: a line an experiment. Pure. */
import { formatTime } from '../../report/number-format';
import { formatRate, formatTimeLeft } from '../progress-words';
import { toPlainLine } from '../plain-text';
import { describeStatus, formatPerHour } from './experiment-lines';
import type { WatchedExperiment } from './watched-experiment';

/** One line, without colours and without a text. */
export function plainLine({ report, lastHour }: WatchedExperiment, now: Date): string {
  const { n_narratives_total: total, n_remaining: left, status, narratives_per_minute: rate } = report;
  const { estimated_completion_time: completesAt, held_by: holder } = report;
  const isMoving = status === 'running' || status === 'waiting_llm';
  const end = [
    formatTimeLeft(status, completesAt, now),
    ...(completesAt === null ? [] : [`done about ${formatTime(completesAt)}`]),
  ];
  const parts = [
    `${total - left}/${total}`,
    ...(isMoving ? [formatRate(rate)] : []),
    ...(lastHour === null ? [] : [formatPerHour(lastHour)]),
    `${report.n_errors} errors`,
    ...(isMoving ? end : []),
    describeStatus(report),
    ...(holder?.trouble == null ? [] : [`not saved: ${holder.trouble}`]),
  ];
  return toPlainLine(`${now.toISOString().slice(0, 19)}Z ${report.experiment_id} ${parts.join(' | ')}`, 2000);
}
