/** When the results came: stops and slow hours are seen at a glance. */
import type { ActivityBin } from '../../metrics/usage-figures';
import type { Html } from '../html';
import { formatCount, formatTime } from '../number-format';
import { COLOURS, drawPlot } from './draw-plot';

const MS_PER_MINUTE = 60_000;
const CLOCK = {
  minutes: '%H:%M',
  hours: '%H:%M',
  day: '%d %b',
  date: '%d %b',
  week: '%d %b',
  month: '%b %Y',
};

/** Bars of answers, with error rows on top of them; the axis is in UTC. */
export function activityPlot(bins: readonly ActivityBin[]): Promise<Html> {
  const values = bins.map(({ from, minutes, n_answers: answers, n_errors: errors }) => ({
    from: Date.parse(from),
    to: Date.parse(from) + minutes * MS_PER_MINUTE,
    answers,
    all: answers + errors,
  }));
  const [first, last] = [values[0]!, values.at(-1)!];
  const most = Math.max(...values.map(({ all }) => all));
  const description =
    `Results from ${formatTime(bins[0]!.from)} on, in steps of ${bins[0]!.minutes} minutes; ` +
    `at most ${formatCount(most)} in a step, none in ${values.filter(({ all }) => all === 0).length} of ${values.length} steps`;
  const bar = (field: string, colour: string): object => ({
    type: 'rect',
    from: { data: 'bins' },
    encode: {
      enter: {
        x: { scale: 'x', field: 'from', offset: 0.25 },
        x2: { scale: 'x', field: 'to', offset: -0.25 },
        y: { scale: 'y', field },
        y2: { scale: 'y', value: 0 },
        fill: { value: colour },
      },
    },
  });
  return drawPlot(
    {
      height: 170,
      data: [{ name: 'bins', values }],
      scales: [
        { name: 'x', type: 'utc', range: 'width', domain: [first.from, last.to] },
        {
          name: 'y',
          type: 'linear',
          range: 'height',
          nice: 3,
          zero: true,
          domain: { data: 'bins', field: 'all' },
        },
      ],
      axes: [
        { orient: 'bottom', scale: 'x', tickCount: 5, labelOverlap: true, formatType: 'utc', format: CLOCK },
        { orient: 'left', scale: 'y', grid: true, tickCount: 3, domain: false, ticks: false },
      ],
      marks: [bar('all', COLOURS.bad), bar('answers', COLOURS.accent)] as never,
    },
    description,
  );
}
