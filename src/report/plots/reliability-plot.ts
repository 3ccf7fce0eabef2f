/** Stated confidence against the share of right answers: on the diagonal the model is as good as it says. */
import type { Mark } from 'vega';
import type { Calibration } from '../../metrics/calibration';
import type { Html } from '../html';
import { formatCount, formatPercent } from '../number-format';
import { COLOURS, drawPlot } from './draw-plot';

const AXIS = {
  tickCount: 5,
  grid: true,
  domain: false,
  ticks: false,
  encode: { labels: { update: { text: { signal: "format(100 * datum.value, '~r') + ' %'" } } } },
};

/** One point a bin, as large as its answers are many. */
export function reliabilityPlot({ bins }: Calibration): Promise<Html> {
  const values = bins.flatMap(({ n, mean_confidence: confidence, right }) =>
    n === 0 || right.interval === null
      ? []
      : [{ n, confidence, right: right.ratio, low: right.interval[0], high: right.interval[1] }],
  );
  const description =
    'Share of right answers by stated confidence: ' +
    values
      .map(
        ({ n, confidence, right }) =>
          `${formatPercent(right, 0)} right of ${formatCount(n)} answers at ${formatPercent(confidence, 0)}`,
      )
      .join(', ');
  return drawPlot(
    {
      height: 300,
      data: [
        { name: 'bins', values },
        {
          name: 'diagonal',
          values: [{ at: 0 }, { at: 1 }],
        },
      ],
      scales: [
        { name: 'x', type: 'linear', range: 'width', domain: [0, 1] },
        { name: 'y', type: 'linear', range: 'height', domain: [0, 1] },
        { name: 'size', type: 'sqrt', range: [20, 260], domain: { data: 'bins', field: 'n' } },
      ],
      axes: [
        { orient: 'bottom', scale: 'x', title: 'stated confidence', ...AXIS },
        { orient: 'left', scale: 'y', title: 'right answers', ...AXIS },
      ],
      marks: MARKS,
    },
    description,
  );
}

const PLACE = { x: { scale: 'x', field: 'confidence' } };

const MARKS: Mark[] = [
  {
    type: 'line',
    from: { data: 'diagonal' },
    encode: {
      enter: {
        x: { scale: 'x', field: 'at' },
        y: { scale: 'y', field: 'at' },
        stroke: { value: COLOURS.muted },
        strokeDash: { value: [3, 3] },
        strokeWidth: { value: 1 },
      },
    },
  },
  {
    type: 'rule',
    from: { data: 'bins' },
    encode: {
      enter: {
        ...PLACE,
        y: { scale: 'y', field: 'low' },
        y2: { scale: 'y', field: 'high' },
        stroke: { value: COLOURS.accent },
        strokeWidth: { value: 2 },
      },
    },
  },
  {
    type: 'symbol',
    from: { data: 'bins' },
    encode: {
      enter: {
        ...PLACE,
        y: { scale: 'y', field: 'right' },
        size: { scale: 'size', field: 'n' },
        fill: { value: COLOURS.accent },
      },
    },
  },
];
