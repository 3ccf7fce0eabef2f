/** Which of two experiments meets the labels better. */
import type { LabelledComparison, ScoreName } from '../../metrics/comparison-figures';
import type { ComparisonReport } from '../../metrics/comparison-report';
import type { ScoreReport } from '../../metrics/score-figures';
import { html, type Html } from '../html';
import { formatCount, formatProbability, formatRatio, formatRatioInterval } from '../number-format';
import { intervalPlot } from '../plots/interval-plot';
import { beside, figure, type Section } from '../section';
import { table } from '../table';

const NAMES: readonly (readonly [ScoreName, string])[] = [
  ['precision', 'Precision'],
  ['recall', 'Recall'],
  ['f1', 'F1'],
  ['specificity', 'Specificity'],
  ['accuracy', 'Accuracy'],
];

/** Ratios of both with the interval of their difference, McNemar's test. */
export async function labelledSection({ statistics: { labels } }: ComparisonReport): Promise<Section> {
  const base = { id: 'labels', title: 'Against labels' };
  if (labels.n === 0) {
    return { ...base, content: html`<p>None of the common narratives has a label.</p>` };
  }
  return {
    ...base,
    content: html`<p>
        ${formatCount(labels.n)} of the common narratives have a label. A alone is right in
        ${formatCount(labels.only_first_right)} of them, B alone in ${formatCount(labels.only_second_right)}:
        McNemar’s exact test gives ${formatProbability(labels.mcnemar_p)}. Both are right in
        ${formatCount(labels.both_right)}, neither in ${formatCount(labels.neither_right)}.
      </p>
      ${beside(
        figure(
          'Difference, B less A',
          await differencePlot(labels),
          'Points with 95 % intervals that redraw whole incidents; right of the dashed line B is better. An interval that crosses it may be chance.',
        ),
        scoreTable(labels),
      )}
      ${confusionTable(labels)}`,
  };
}

function differencePlot({ differences }: LabelledComparison): Promise<Html> {
  return intervalPlot(
    NAMES.map(([name, title]) => ({
      name: title,
      ratio: differences[name].difference,
      interval: differences[name].incident_interval,
    })),
    { what: 'difference in percentage points', reference: 0 },
  );
}

function scoreTable({ first, second, differences }: LabelledComparison): Html {
  return table(
    'On the same labelled narratives',
    ['Ratio', 'A', 'B', 'B less A', '95 % interval'].map((name, index) => ({ name, isNumber: index > 0 })),
    NAMES.map(([name, title]) => [
      title,
      formatRatio(first[name].ratio),
      formatRatio(second[name].ratio),
      formatRatio(differences[name].difference),
      formatRatioInterval(differences[name].incident_interval),
    ]),
  );
}

function confusionTable({ first, second }: LabelledComparison): Html {
  const row = (name: string, of: ScoreReport): string[] => [
    name,
    ...[of.true_positive, of.false_positive, of.false_negative, of.true_negative].map(formatCount),
    formatRatio(of.kappa),
    formatRatioInterval(of.kappa_interval),
  ];
  return table(
    'Confusion counts',
    ['', 'TP', 'FP', 'FN', 'TN', 'Kappa', '95 % interval'].map((name, index) => ({
      name,
      isNumber: index > 0,
    })),
    [row('A', first), row('B', second)],
  );
}
