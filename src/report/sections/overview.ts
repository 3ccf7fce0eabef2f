/** The top of the report: which experiment, how it stands, and its main numbers. */
import type { ExperimentReport } from '../../metrics/experiment-report';
import { html, type Html, type HtmlValue } from '../html';
import {
  formatCount,
  formatDuration,
  formatLarge,
  formatPercent,
  formatPercentInterval,
  formatRatio,
  formatRatioInterval,
  formatTime,
} from '../number-format';
import { notice } from '../section';

/** Title, status and cards. */
export function renderOverview(report: ExperimentReport): Html {
  const { experiment, coverage } = report;
  const isWhole = experiment.status.startsWith('completed');
  return html`<header>
    <p class="eyebrow">Report of an experiment</p>
    <h1>${experiment.experiment_name}</h1>
    <p class="lead">
      ${experiment.model} · prompt ${experiment.prompt_version ?? 'without a version'} ·
      ${formatTime(experiment.start_time)}${experiment.end_time !== null && html` to ${formatTime(experiment.end_time)}`}
      <span class="status">${experiment.status.replaceAll('_', ' ')}</span>
    </p>
    ${!isWhole && notice(html`This experiment has not come to its end: ${formatCount(coverage.n_missing)} of ${formatCount(coverage.n_narratives)} narratives have no result yet. Every number here is about those that have one.`)}
    <div class="cards">
      ${cards(report).map(
        ([name, value, detail]) =>
          html` <div class="card">
            <div class="card-name">${name}</div>
            <div class="card-value">${value}</div>
            <div class="card-detail">${detail}</div>
          </div>`,
      )}
    </div>
  </header> `;
}

function cards({ coverage, detection, incidents, labels, usage, experiment }: ExperimentReport) {
  const pair = incidents.agreement[0];
  const { f1 } = labels.all;
  const tokens = usage.prompt_tokens.sum + usage.completion_tokens.sum;
  const all: (readonly [string, HtmlValue, HtmlValue] | null)[] = [
    [
      'Narratives answered',
      formatCount(coverage.answered.part),
      html`of ${formatCount(coverage.n_narratives)} (${formatPercent(coverage.answered.ratio)});
      ${formatCount(coverage.n_errors)} errors`,
    ],
    [
      'Narratives detected',
      formatPercent(detection.all.ratio),
      html`${formatCount(detection.all.part)} narratives; 95 % interval
      ${formatPercentInterval(detection.all.interval)}`,
    ],
    [
      'Incidents detected',
      formatPercent(incidents.either.ratio),
      html`${formatCount(incidents.either.part)} of ${formatCount(incidents.n)} incidents, by either narrative`,
    ],
    pair === undefined
      ? null
      : [
          `Agreement ${pair.first} with ${pair.second}`,
          html`κ ${formatRatio(pair.kappa)}`,
          html`${formatPercent(pair.agreement.ratio)} say the same in ${formatCount(pair.n)} incidents`,
        ],
    labels.all.n_scored === 0
      ? null
      : [
          'F1 against labels',
          formatRatio(f1.ratio),
          html`95 % interval ${formatRatioInterval(f1.incident_interval, 2)};
          ${formatCount(labels.all.n_scored)} labelled answers`,
        ],
    [
      'Time and tokens',
      formatDuration(experiment.active_seconds),
      tokens === 0 ? 'the server counted no tokens' : html`${formatLarge(tokens)} tokens`,
    ],
  ];
  return all.filter((card) => card !== null);
}
