/** How often values occur, as bars. */
import type { Mark } from 'vega';
import type { HistogramBin } from '../../metrics/value-distribution';
import type { Html } from '../html';
import { COLOURS, drawPlot } from './draw-plot';

/** `of` names what is counted, `unit` the axis of the values; `inPercent`: values are ratios. */
export interface HistogramOptions {
  of: string;
  unit: string;
  colour: string;
  inPercent?: boolean;
  median?: number | null;
}

/** The bars' height is the share of all values, so that groups of unlike size compare. */
export function histogramPlot(bins: readonly HistogramBin[], options: HistogramOptions): Promise<Html> {
  const total = bins.reduce((sum, { n }) => sum + n, 0);
  const values = bins.map(({ low, high, n }) => ({ low, high, share: total === 0 ? 0 : n / total }));
  const most = values.reduce((best, bin) => (bin.share > best.share ? bin : best), values[0]!);
  const description =
    `Histogram of ${options.unit} of ${total} ${options.of}; most often from ${round(most.low)} to ${round(most.high)}` +
    ` (${(100 * most.share).toFixed(1)} %)` +
    (options.median == null ? '' : `, median ${round(options.median)}`);
  return drawPlot(
    {
      height: 170,
      data: [
        { name: 'bins', values },
        { name: 'median', values: options.median == null ? [] : [{ at: options.median }] },
      ],
      scales: [
        {
          name: 'x',
          type: 'linear',
          range: 'width',
          zero: false,
          domain: [bins[0]!.low, bins.at(-1)!.high],
        },
        { name: 'y', type: 'linear', range: 'height', nice: 3, domain: { data: 'bins', field: 'share' } },
      ],
      axes: [
        { orient: 'bottom', scale: 'x', title: options.unit, tickCount: 6 },
        {
          orient: 'left',
          scale: 'y',
          grid: true,
          tickCount: 3,
          domain: false,
          ticks: false,
          encode: { labels: { update: { text: { signal: "format(100 * datum.value, '~r') + ' %'" } } } },
        },
      ],
      marks: marksOf(options.colour),
    },
    description,
  );
}

function marksOf(colour: string): Mark[] {
  return [
    {
      type: 'rect',
      from: { data: 'bins' },
      encode: {
        enter: {
          x: { scale: 'x', field: 'low', offset: 0.5 },
          x2: { scale: 'x', field: 'high', offset: -0.5 },
          y: { scale: 'y', field: 'share' },
          y2: { scale: 'y', value: 0 },
          fill: { value: colour },
        },
      },
    },
    {
      type: 'rule',
      from: { data: 'median' },
      encode: {
        enter: {
          x: { scale: 'x', field: 'at' },
          y: { value: 0 },
          y2: { signal: 'height' },
          stroke: { value: COLOURS.ink },
          strokeDash: { value: [3, 3] },
        },
      },
    },
  ];
}

function round(value: number): string {
  return String(Number(value.toPrecision(3)));
}
