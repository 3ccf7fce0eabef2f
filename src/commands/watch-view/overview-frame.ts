/** Several experiments in one window: three lines each, or one where there is little room. Pure. */
import { formatRate, formatTimeLeft } from '../progress-words';
import { barLine, describeStatus, toneOf } from './experiment-lines';
import { apart, cell, span, type Line } from './span';
import type { WatchedExperiment, WatchedState } from './watched-experiment';
import type { WindowSize } from './window-size';

const TALL = 4;

/** What works and what has worked since the view began; what does not fit is counted. */
export function overviewFrame(
  { experiments, now }: Pick<WatchedState, 'experiments' | 'now'>,
  { width, height }: WindowSize,
): Line[] {
  const heading: Line = [{ text: `${experiments.length} experiments`, tone: 'strong' }];
  const room = height - 2;
  const isTall = experiments.length * TALL <= room;
  const nShown = isTall || experiments.length <= room ? experiments.length : Math.max(0, room - 1);
  const blocks = experiments
    .slice(0, nShown)
    .flatMap((watched) => (isTall ? tallLines(watched, now, width) : [lowLine(watched, now, width)]));
  const more = experiments.length - nShown;
  return [
    heading,
    [],
    ...blocks,
    ...(more > 0 ? [[{ text: `and ${more} more`, tone: 'faint' } as const]] : []),
  ];
}

function tallLines(watched: WatchedExperiment, now: Date, width: number): Line[] {
  const { report, modelName } = watched;
  return [
    apart([span(report.experiment_id, 'strong')], [span(modelName, 'faint')], width),
    barLine(watched, width),
    [
      { text: `${movement(watched, now)} | ` },
      ...troubleOf(report),
      span(describeStatus(report), toneOf(report)),
    ],
    [],
  ];
}

function lowLine(watched: WatchedExperiment, now: Date, width: number): Line {
  const { report } = watched;
  const { n_narratives_total: total, n_remaining: left } = report;
  const percent = total === 0 ? 0 : Math.floor((100 * (total - left)) / total);
  const nameWidth = Math.max(10, Math.min(36, width - 60));
  const status = report.held_by?.trouble == null ? report.status : 'not saved';
  return [
    { text: `${cell(report.experiment_id, nameWidth)} ${String(percent).padStart(3)} %  ` },
    span(status, toneOf(report)),
    { text: ` | ${movement(watched, now)}` },
  ];
}

function movement({ report }: WatchedExperiment, now: Date): string {
  const { status, narratives_per_minute: rate, estimated_completion_time: completesAt } = report;
  const isMoving = status === 'running' || status === 'pending' || status === 'waiting_llm';
  const pace = isMoving ? [formatRate(rate)] : [];
  const end = isMoving ? [formatTimeLeft(status, completesAt, now)] : [];
  return [...pace, `${report.n_errors} errors`, ...end].join(' | ');
}

function troubleOf({ held_by: holder }: WatchedExperiment['report']): Line {
  return holder?.trouble == null ? [] : [span(`not saved: ${holder.trouble}`, 'bad'), { text: ' | ' }];
}
