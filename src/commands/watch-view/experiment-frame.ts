/** One experiment over a whole window: how far it is, how fast, what went wrong, its model servers, the last answers. Pure. */
import { formatCount, formatTime } from '../../report/number-format';
import { formatRate, formatSpan } from '../progress-words';
import { barLine, describeStatus, formatPerHour, toneOf } from './experiment-lines';
import { answerLines, endpointLines } from './experiment-tables';
import { apart, span, type Line, type Tone } from './span';
import type { WatchedExperiment } from './watched-experiment';
import type { WindowSize } from './window-size';

const NAME_WIDTH = 13;
/** Lines of last answers below which they are left out; their heading and the line above are counted. */
const FEWEST_ANSWER_LINES = 4;

/** The lines in the order of their weight for as many as fit; the last answers fill what is left. */
export function experimentFrame(
  watched: WatchedExperiment,
  now: Date,
  { width, height }: WindowSize,
): Line[] {
  const facts = factLines(watched, now);
  // A low window loses the blank lines first.
  const blank: Line[] = height >= 18 ? [[]] : [];
  const top = [...headLines(watched, width), ...blank, barLine(watched, width), ...blank, ...facts];
  const endpoints = endpointLines(watched, width, Math.max(2, Math.floor((height - top.length) / 2)));
  const withEndpoints = [...top, ...blank, ...endpoints];
  const left = height - withEndpoints.length;
  if (left < 0) return top;
  if (left < FEWEST_ANSWER_LINES) return withEndpoints;
  return [...withEndpoints, ...blank, ...answerLines(watched, width, left - blank.length)];
}

function headLines(watched: WatchedExperiment, width: number): Line[] {
  const { report, modelName, pass } = watched;
  const where = pass === null || pass === 0 ? modelName : `${modelName}, pass ${pass} (retry of errors)`;
  return [
    apart([span(report.experiment_id, 'strong')], [span(where, 'faint')], width),
    [span(describeStatus(report), toneOf(report))],
  ];
}

function factLines(watched: WatchedExperiment, now: Date): Line[] {
  const { report, errors, tokens } = watched;
  const nAnswers = report.n_narratives_completed - report.n_errors;
  const categories = errors.map(({ category, count }) => `${category ?? 'no category'} ${count}`).join(', ');
  return [
    fact('rate', paceText(watched)),
    fact('done about', completionText(watched, now)),
    fact('answers', `${formatCount(nAnswers)} (${formatCount(report.n_detected)} detected)`),
    fact(
      'errors',
      report.n_errors === 0 ? 'none' : `${formatCount(report.n_errors)}: ${categories}`,
      report.n_errors === 0 ? undefined : 'warning',
    ),
    fact(
      'tokens',
      tokens === null
        ? 'not told'
        : `${formatCount(tokens.total)}, about ${formatCount(tokens.perResult)} a narrative`,
    ),
    fact('last result', report.last_progress_update === null ? 'none yet' : ago(report, now)),
    ...(report.held_by?.trouble == null ? [] : [fact('not saved', report.held_by.trouble, 'bad')]),
  ];
}

function fact(name: string, value: string, tone?: Tone): Line {
  return [{ text: name.padEnd(NAME_WIDTH), tone: 'faint' }, span(value, tone)];
}

function paceText({ report, lastHour }: WatchedExperiment): string {
  const now = formatRate(report.narratives_per_minute);
  return lastHour === null ? now : `${now} now, ${formatPerHour(lastHour)}`;
}

function completionText({ report, completesBetween }: WatchedExperiment, now: Date): string {
  const { estimated_completion_time: completesAt, status } = report;
  if (status === 'waiting_llm') return 'not known while it waits';
  if (completesAt === null) return report.n_remaining === 0 ? 'done' : 'not known yet';
  const left = (time: Date | string): string => formatSpan(new Date(time).getTime() - now.getTime());
  const about = `${formatTime(completesAt)}, in ${left(completesAt)}`;
  if (completesBetween === null) return about;
  const [earliest, latest] = completesBetween.map(left) as [string, string];
  return earliest === latest ? about : `${about} (${earliest} to ${latest})`;
}

function ago({ last_progress_update: time }: WatchedExperiment['report'], now: Date): string {
  return `${formatSpan(now.getTime() - Date.parse(time!))} ago`;
}
