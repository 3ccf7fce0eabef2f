/** How the answers meet the labels of people. */
import type { ExperimentReport } from '../../metrics/experiment-report';
import type { Disagreement } from '../../metrics/label-figures';
import type { Estimate, ScoreReport } from '../../metrics/score-figures';
import { html, type Html, type HtmlValue } from '../html';
import {
  formatCount,
  formatPercent,
  formatPercentInterval,
  formatRatio,
  formatRatioInterval,
} from '../number-format';
import { reliabilityPlot } from '../plots/reliability-plot';
import { beside, figure, unevenly, type Section } from '../section';
import { folded, table } from '../table';

/** Confusion matrix, ratios with intervals, calibration, disagreements. */
export async function labelSection(report: ExperimentReport): Promise<Section> {
  const { labels, detection, experiment } = report;
  const { all } = labels;
  const base = { id: 'labels', title: 'Against labels' };
  if (all.n_scored === 0) {
    return {
      ...base,
      content: html`<p>
        No answer has a label, so nothing can be said about right and wrong. Labels that come later are taken
        over with <code>client labels import FILE ${experiment.experiment_id}</code>, or laid beside the
        answers for one report with <code>--against FILE</code>.
      </p>`,
    };
  }
  return {
    ...base,
    content: html`<p>
        ${formatCount(all.n_scored)} of ${formatCount(detection.all.whole)} answers have a label
        (${sourceOf(report)}); ${formatPercent(all.prevalence.ratio)} of these labels say yes. The ratios are
        about these answers alone.
      </p>
      ${unevenly(confusionMatrix(all), scoreTable('All labelled narratives', all))}
      ${(labels.by_type.length > 1 || labels.incidents.n_scored > 0) && comparisonTable(report)}
      ${await calibrationBlock(report)}
      <h3>Disagreements</h3>
      ${disagreementList(report)}`,
  };
}

function sourceOf({ label_source: source }: ExperimentReport): string {
  return source.kind === 'results file'
    ? 'from the results file'
    : `from ${source.file}: ${formatCount(source.n_used)} of its ${formatCount(source.n_entries)} labels`;
}

function confusionMatrix(score: ScoreReport): Html {
  const cell = (name: string, n: number, isRight: boolean): Html =>
    html`<td class="${isRight ? 'right' : 'wrong'}"><b>${formatCount(n)}</b><span>${name}</span></td>`;
  return html`<div class="scroll" role="group" aria-label="Confusion matrix" tabindex="0">
    <table class="confusion">
      <caption>
        <span>Confusion matrix</span>
      </caption>
      <thead>
        <tr>
          <td></td>
          <th scope="col">labelled yes</th>
          <th scope="col">labelled no</th>
        </tr>
      </thead>
      <tbody>
        <tr>
          <th scope="row">detected</th>
          ${cell('true positives', score.true_positive, true)}${cell('false positives', score.false_positive, false)}
        </tr>
        <tr>
          <th scope="row">not detected</th>
          ${cell('false negatives', score.false_negative, false)}${cell('true negatives', score.true_negative, true)}
        </tr>
      </tbody>
    </table>
  </div>`;
}

function scoreTable(caption: string, score: ScoreReport): Html {
  const row = (name: string, of: Estimate): HtmlValue[] => [
    name,
    formatRatio(of.ratio),
    ...[of.interval, of.exact_interval, of.incident_interval].map((interval) =>
      formatRatioInterval(interval),
    ),
  ];
  return table(
    caption,
    ['Ratio', 'Value', '95 % Wilson', '95 % exact', '95 % by incident'].map((name, index) => ({
      name,
      isNumber: index > 0,
    })),
    [
      row('Precision', score.precision),
      row('Recall', score.recall),
      ['F1', formatRatio(score.f1.ratio), '', '', formatRatioInterval(score.f1.incident_interval)],
      row('Specificity', score.specificity),
      row('Accuracy', score.accuracy),
      ['Cohen’s kappa', formatRatio(score.kappa), formatRatioInterval(score.kappa_interval), '', ''],
    ],
  );
}

function comparisonTable({ labels }: ExperimentReport): Html {
  const row = (name: string, score: ScoreReport): HtmlValue[] => [
    name,
    formatCount(score.n_scored),
    ...[score.true_positive, score.false_positive, score.false_negative, score.true_negative].map(
      formatCount,
    ),
    ...[score.precision.ratio, score.recall.ratio].map((value) => formatRatio(value)),
    html`${formatRatio(score.f1.ratio)}
      <small>(${formatRatioInterval(score.f1.incident_interval, 2)})</small>`,
    formatRatio(score.kappa),
  ];
  return table(
    'By kind of narrative, and by incident (detected by either narrative)',
    ['', 'Labelled', 'TP', 'FP', 'FN', 'TN', 'Precision', 'Recall', 'F1 (95 %)', 'Kappa'].map(
      (name, index) => ({
        name,
        isNumber: index > 0,
      }),
    ),
    [
      ...labels.by_type.map((type) => row(type.narrative_type, type)),
      ...(labels.incidents.n_scored > 0 ? [row('incidents', labels.incidents)] : []),
    ],
  );
}

async function calibrationBlock({ labels: { calibration } }: ExperimentReport): Promise<Html | null> {
  if (calibration.n === 0) return null;
  return html`<h3>Calibration</h3>
    <p>
      Over ${formatCount(calibration.n)} answers with confidence and label the mean confidence is
      ${formatRatio(calibration.mean_confidence)} and the share of right answers
      ${formatRatio(calibration.accuracy)}. The Brier score is ${formatRatio(calibration.brier_score, 4)}, the
      expected calibration error ${formatRatio(calibration.expected_calibration_error, 4)} (both are best at
      0; ten bins of equal width).
    </p>
    ${beside(
      figure(
        'Confidence against being right',
        await reliabilityPlot(calibration),
        'One point a bin, larger where it holds more answers, with its 95 % interval (Wilson). Below the diagonal the model is surer than it should be.',
      ),
      table(
        'Calibration by bin of confidence',
        ['Confidence', 'Answers', 'Mean', 'Right', '95 % interval'].map((name, index) => ({
          name,
          isNumber: index > 0,
        })),
        calibration.bins
          .filter(({ n }) => n > 0)
          .map(({ low, high, n, mean_confidence: mean, right }) => [
            `${low.toFixed(1)} to ${high.toFixed(1)}`,
            formatCount(n),
            formatRatio(mean),
            formatPercent(right.ratio, 1),
            formatPercentInterval(right.interval, 1),
          ]),
      ),
    )}`;
}

function disagreementList({ labels, quotes, experiment }: ExperimentReport): Html {
  const { disagreements: listed, n_disagreements: nAll } = labels;
  if (nAll === 0) return html`<p>None: every labelled answer says what its label says.</p>`;
  const texts = new Map(quotes.map((quote) => [quote.narrative_id, quote]));
  const withText = quotes.length > 0;
  const row = (one: Disagreement): HtmlValue[] => [
    one.incident_id,
    one.narrative_type,
    one.kind.replace('_', ' '),
    formatRatio(one.confidence, 2),
    ...(withText
      ? [quoted(texts.get(one.narrative_id)?.rationale), quoted(texts.get(one.narrative_id)?.narrative_text)]
      : []),
  ];
  return html`<p>
      ${formatCount(nAll)} answers differ from their
      labels${nAll > listed.length && html`; the surest ${formatCount(listed.length)} are listed, all of them by <code>client disagreements ${experiment.experiment_id} --json</code>`}.
      ${!withText && 'Narratives and rationales are left out.'}
    </p>
    ${folded(
      `The disagreements, the surest first (${formatCount(listed.length)})`,
      table(
        'Disagreements with labels',
        [
          { name: 'Incident' },
          { name: 'Kind' },
          { name: 'Disagreement' },
          { name: 'Confidence', isNumber: true },
          ...(withText ? [{ name: 'Rationale' }, { name: 'Narrative' }] : []),
        ],
        listed.map(row),
      ),
    )}`;
}

function quoted(text: string | null | undefined): Html {
  return html`<div class="quoted">${text}</div>`;
}
