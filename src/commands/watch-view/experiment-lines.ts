/** Lines about an experiment that every size of view shows. Pure. */
import { WORKING_STATUSES } from '../../experiment';
import type { HourCount } from '../../metrics/recent-pace';
import { formatCount } from '../../report/number-format';
import type { ExperimentStatusReport } from '../experiment-status';
import { formatRate } from '../progress-words';
import { bar } from './bar';
import type { Line, Tone } from './span';
import type { WatchedExperiment } from './watched-experiment';

const NARROWEST_BAR = 5;

/** The status and why, and what to do where nothing moves by itself. */
export function describeStatus(report: ExperimentStatusReport): string {
  const { status, status_reason: reason, held_by: holder, experiment_id: id } = report;
  const said = reason === null ? status : `${status}: ${reason}`;
  if (standsStill(report))
    return `${status}, but no process holds it: it stands still. \`client resume ${id}\` goes on`;
  if (status === 'paused') return `${said} | \`client resume ${id}\` goes on`;
  return holder === null ? said : `${said} (process ${holder.pid} on ${holder.host})`;
}

/** The colour in which a status is shown. */
export function toneOf(report: ExperimentStatusReport): Tone {
  switch (report.status) {
    case 'running':
    case 'pending':
      return standsStill(report) ? 'bad' : 'good';
    case 'completed':
      return 'good';
    case 'failed':
      return 'bad';
    case 'waiting_llm':
    case 'paused':
    case 'cancelled':
    case 'completed_with_errors':
      return 'warning';
  }
}

/** How far it is: bar, percentage and counts. */
export function barLine({ report }: WatchedExperiment, width: number): Line {
  const { n_narratives_total: total, n_remaining: left } = report;
  const settled = total - left;
  const share = total === 0 ? 0 : settled / total;
  const counts = ` ${formatShare(share)} | ${formatCount(settled)} of ${formatCount(total)}`;
  const barWidth = width - counts.length;
  if (barWidth < NARROWEST_BAR) return [{ text: counts.trimStart() }];
  const { filled, empty } = bar(share, barWidth);
  return [{ text: filled, tone: 'good' }, { text: empty, tone: 'faint' }, { text: counts }];
}

/** 81.2/min over the last hour, or over as long as there is something to tell of. */
export function formatPerHour({ nResults, minutes }: HourCount): string {
  const span = minutes > 59 ? 'the last hour' : `the last ${Math.ceil(minutes)} min`;
  return `${formatRate(nResults / minutes)} over ${span}`;
}

/** Never 100 % before the last. */
function formatShare(share: number): string {
  return `${(Math.floor(share * 1000) / 10).toFixed(1)} %`;
}

function standsStill({ status, held_by: holder }: ExperimentStatusReport): boolean {
  return holder === null && WORKING_STATUSES.includes(status);
}
