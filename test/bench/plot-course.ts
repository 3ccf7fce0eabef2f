/** Draws how many calls at once were allowed, and how many answers came a second, over the time of a run. */
import { parse, View, type Spec } from 'vega';
import type { StudyRun } from './study-run';

/** SVG text on a white ground, fit for a page of any colour. */
export async function plotCourse(run: StudyRun): Promise<string> {
  const view = new View(parse(specOf(run)), { renderer: 'none' });
  const svg = await view.toSVG();
  view.finalize();
  return `${svg}\n`;
}

function specOf({ firstCallMs, savedAtMs, changes }: StudyRun): Spec {
  const seconds = (atMs: number): number => (atMs - firstCallMs) / 1000;
  const endSeconds = seconds(savedAtMs.at(-1)!);
  const endpoints = [...new Set(changes.map(({ endpoint }) => endpoint))];
  const steps = endpoints.flatMap((endpoint, index) => {
    const own = changes.filter((change) => change.endpoint === endpoint);
    const points = own.map(({ atMs, to }) => ({
      server: `server ${index + 1}`,
      second: seconds(atMs),
      value: to,
    }));
    const start = { server: `server ${index + 1}`, second: 0, value: 4 };
    return [start, ...points, { ...points.at(-1)!, second: endSeconds }];
  });
  const rates = Array.from({ length: Math.floor(endSeconds) }, (_, second) => ({
    second: second + 0.5,
    value: savedAtMs.filter((atMs) => Math.floor(seconds(atMs)) === second).length,
  }));
  const panel = (data: string, title: string, interpolate: string, colour: object): object => ({
    type: 'group',
    encode: { enter: { width: { signal: 'width' }, height: { value: 130 } } },
    scales: [
      { name: 'x', type: 'linear', range: 'width', domain: [0, endSeconds] },
      {
        name: 'y',
        type: 'linear',
        range: [130, 0],
        zero: true,
        nice: true,
        domain: { data, field: 'value' },
      },
    ],
    axes: [
      { orient: 'bottom', scale: 'x', title: 'seconds' },
      { orient: 'left', scale: 'y', title, grid: true, tickCount: 4 },
    ],
    marks: [
      {
        type: 'group',
        from: { facet: { name: 'lines', data, groupby: 'server' } },
        marks: [
          {
            type: 'line',
            from: { data: 'lines' },
            encode: {
              enter: {
                x: { scale: 'x', field: 'second' },
                y: { scale: 'y', field: 'value' },
                interpolate: { value: interpolate },
                stroke: colour,
                strokeWidth: { value: 1.8 },
              },
            },
          },
        ],
      },
    ],
  });
  return {
    width: 640,
    padding: 8,
    background: 'white',
    layout: { columns: 1, padding: 24 },
    data: [
      { name: 'steps', values: steps },
      { name: 'rates', values: rates.map((rate) => ({ server: 'all', ...rate })) },
    ],
    scales: [
      {
        name: 'colour',
        type: 'ordinal',
        domain: { data: 'steps', field: 'server' },
        range: ['#1d5fa8', '#bb3f14'],
      },
    ],
    marks: [
      panel('steps', 'calls at once', 'step-after', { scale: 'colour', field: 'server' }),
      panel('rates', 'answers a second', 'linear', { value: '#0b7a5c' }),
    ] as never,
  };
}
