/** Draws a plot as SVG text that takes its colours and its font from the page around it. */
import { parse, View, type Config, type Spec } from 'vega';
import { escapeHtml, Html } from '../html';

/** The drawing's width in its own units; it is scaled to the room it gets. */
export const PLOT_WIDTH = 400;

/** Colours by what they stand for; the page sets them for light and dark. */
export const COLOURS = {
  accent: 'var(--accent)',
  neutral: 'var(--neutral)',
  good: 'var(--good)',
  bad: 'var(--bad)',
  ink: 'var(--ink)',
  muted: 'var(--muted)',
  line: 'var(--line)',
} as const;

const CONFIG: Config = {
  axis: {
    labelColor: COLOURS.muted,
    labelFontSize: 11,
    titleColor: COLOURS.muted,
    titleFontSize: 11,
    titleFontWeight: 'normal',
    titlePadding: 6,
    gridColor: COLOURS.line,
    domainColor: COLOURS.line,
    tickColor: COLOURS.line,
    tickSize: 4,
    labelPadding: 4,
  },
};

/** `description` says in words what the plot shows: screen readers read it. */
export async function drawPlot(spec: Spec, description: string): Promise<Html> {
  const whole: Spec = {
    width: PLOT_WIDTH,
    padding: 4,
    autosize: { type: 'fit', contains: 'padding' },
    ...spec,
  };
  const view = new View(parse(whole, CONFIG), { renderer: 'none' });
  const svg = await view.toSVG();
  view.finalize();
  const box = /viewBox="([^"]+)"/.exec(svg)![1]!;
  const drawing = svg
    .replace(/^<svg[^>]*>/, '')
    // One image to a screen reader; its parts need no roles of their own.
    .replaceAll(/ (?:role|aria-[a-z]+|pointer-events|font-family|class|opacity="1)(?:="[^"]*"|")/g, '')
    .replaceAll(/<path d="[^"]*"\/>(?=<\/g>|<g>)/g, (path) => (path.includes('fill') ? path : ''))
    .replaceAll(/(\.\d\d)\d+/g, '$1');
  return new Html(
    `<svg class="plot" viewBox="${box}" role="img" aria-label="${escapeHtml(description)}">${drawing}`,
  );
}
