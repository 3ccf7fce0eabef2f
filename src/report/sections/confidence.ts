/** How sure the model says it is. */
import type { ConfidenceGroup } from '../../metrics/confidence-figures';
import type { ExperimentReport } from '../../metrics/experiment-report';
import { html } from '../html';
import { formatCount, formatRatio } from '../number-format';
import { COLOURS } from '../plots/draw-plot';
import { histogramPlot } from '../plots/histogram-plot';
import { beside, figure, type Section } from '../section';
import { table } from '../table';

/** Confidence by answer and, where labels exist, by whether the answer is right. */
export async function confidenceSection({ confidence, labels }: ExperimentReport): Promise<Section> {
  const groups: [name: string, group: ConfidenceGroup, colour: string][] = [
    ['detected', confidence.detected, COLOURS.accent],
    ['not detected', confidence.not_detected, COLOURS.neutral],
    ['right', confidence.right, COLOURS.good],
    ['wrong', confidence.wrong, COLOURS.bad],
  ];
  const shown = groups.filter(([, { n }]) => n > 0);
  const plots = await Promise.all(
    shown.map(async ([name, group, colour]) =>
      figure(
        `Confidence where ${name}`,
        await histogramPlot(group.histogram, {
          of: `answers that are ${name}`,
          unit: 'confidence',
          colour,
          median: group.median,
        }),
        `${formatCount(group.n)} answers; the dashed line is their median.`,
      ),
    ),
  );
  return {
    id: 'confidence',
    title: 'Confidence',
    content: html`<p>
        The model states how sure it is of its answer, whichever it is; that is not the probability of
        “detected”.
        ${confidence.n_without_confidence > 0 && html`${formatCount(confidence.n_without_confidence)} answers state none.`}
        ${labels.all.n_scored === 0 && html`Without labels nothing shows whether it can be trusted.`}
      </p>
      ${beside(...plots)}
      ${table(
        'Confidence',
        [
          { name: 'Answers' },
          ...['Number', 'Mean', 'SD', 'Least', 'Quartile 1', 'Median', 'Quartile 3', 'Most'].map((name) => ({
            name,
            isNumber: true,
          })),
        ],
        [['all', confidence.all] as const, ...shown].map(([name, group]) => [
          name,
          formatCount(group.n),
          ...[
            group.mean,
            group.standard_deviation,
            group.min,
            group.quartile_1,
            group.median,
            group.quartile_3,
            group.max,
          ].map((value) => formatRatio(value)),
        ]),
      )}`,
  };
}
