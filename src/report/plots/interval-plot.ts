/** Shares of groups as points with their intervals, one group a line. */
import type { Axis, Mark } from 'vega';
import type { Html } from '../html';
import { formatCount, formatPercent } from '../number-format';
import { COLOURS, drawPlot } from './draw-plot';

/** One line of the plot. */
export interface PlottedShare {
  name: string;
  /** Stands in brackets; left out = nothing does. */
  whole?: number;
  ratio: number | null;
  interval: readonly [number, number] | null;
}

const LINE_HEIGHT = 22;
const LONGEST_NAME = 22;

/** Lines in the order given; a dashed line marks `reference`, such as the share of all. */
export function intervalPlot(
  groups: readonly PlottedShare[],
  { what, reference = null }: { what: string; reference?: number | null },
): Promise<Html> {
  const shown = groups.flatMap(({ name, whole, ratio, interval }) =>
    ratio === null || interval === null
      ? []
      : [
          {
            name: whole === undefined ? name : `${shorten(name)}  (${formatCount(whole)})`,
            ratio,
            low: interval[0],
            high: interval[1],
          },
        ],
  );
  const description =
    `${what}, with 95 % intervals: ` +
    groups.map(({ name, ratio }) => `${name} ${formatPercent(ratio)}`).join(', ');
  return drawPlot(
    {
      height: shown.length * LINE_HEIGHT + 46,
      data: [
        { name: 'groups', values: shown },
        { name: 'reference', values: reference === null ? [] : [{ at: reference }] },
      ],
      scales: [
        {
          name: 'x',
          type: 'linear',
          range: 'width',
          nice: 4,
          zero: true,
          domain: { data: 'groups', fields: ['low', 'high'] },
        },
        { name: 'y', type: 'band', range: 'height', domain: { data: 'groups', field: 'name' } },
      ],
      axes: axesOf(what),
      marks: MARKS,
    },
    description,
  );
}

function shorten(name: string): string {
  return name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME - 1)}…` : name;
}

function axesOf(what: string): Axis[] {
  return [
    {
      orient: 'bottom',
      scale: 'x',
      grid: true,
      tickCount: 4,
      title: what,
      domain: false,
      ticks: false,
      encode: { labels: { update: { text: { signal: "format(100 * datum.value, '~r') + ' %'" } } } },
    },
    {
      orient: 'left',
      scale: 'y',
      domain: false,
      ticks: false,
      labelLimit: 0,
      labelColor: COLOURS.ink,
    },
  ];
}

const x = (field: string) => ({ scale: 'x', field });
const y = { scale: 'y', field: 'name', band: 0.5 };

const MARKS: Mark[] = [
  {
    type: 'rule',
    from: { data: 'reference' },
    encode: {
      enter: {
        x: x('at'),
        y: { value: 0 },
        y2: { signal: 'height' },
        stroke: { value: COLOURS.muted },
        strokeDash: { value: [3, 3] },
      },
    },
  },
  {
    type: 'rule',
    from: { data: 'groups' },
    encode: {
      enter: {
        x: x('low'),
        x2: x('high'),
        y,
        stroke: { value: COLOURS.accent },
        strokeWidth: { value: 2 },
      },
    },
  },
  {
    type: 'symbol',
    from: { data: 'groups' },
    encode: {
      enter: { x: x('ratio'), y, size: { value: 56 }, fill: { value: COLOURS.accent } },
    },
  },
];
