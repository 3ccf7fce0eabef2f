import fc from 'fast-check';
import { escapeHtml, html } from '../../src/report/html';
import { drawPlot } from '../../src/report/plots/draw-plot';
import { intervalPlot } from '../../src/report/plots/interval-plot';

const HOSTILE = `"><script>alert(1)</script><img src=x onerror='alert(2)'>`;

it('what goes into a template is escaped, HTML is not escaped again', () => {
  expect(html`<p title="${HOSTILE}">${HOSTILE}</p>`.text).toBe(
    `<p title="${escapeHtml(HOSTILE)}">${escapeHtml(HOSTILE)}</p>`,
  );
  expect(html`${html`<b>${'a & b'}</b>`}`.text).toBe('<b>a &amp; b</b>');
  expect(html`${[1, null, false, undefined, 'x']}`.text).toBe('1x');
});

it('no text opens a tag, an entity or an attribute', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }),
      (text) => !/[<>"']|&(?!(?:amp|lt|gt|quot|#39);)/.test(escapeHtml(text)),
    ),
  );
});

it('control characters and those that turn text round become visible', () => {
  expect(escapeHtml('a\u001b[31mb\u202ec\u0000\nd\te')).toBe('a?[31mb?c?\nd\te');
});

it('a plot shows hostile names of groups as text', async () => {
  const plot = await intervalPlot(
    [{ name: HOSTILE.slice(0, 20), whole: 5, ratio: 0.2, interval: [0.1, 0.3] }],
    {
      what: 'narratives detected',
    },
  );
  expect(plot.text).not.toContain('<script');
  expect(plot.text).toContain('&lt;script');
});

it('a plot is one image with a description and colours of the page', async () => {
  const { text } = await drawPlot(
    {
      height: 20,
      marks: [
        {
          type: 'rect',
          encode: { enter: { width: { value: 5 }, height: { value: 5 }, fill: { value: 'var(--accent)' } } },
        },
      ],
    },
    'A "square"',
  );
  expect(text).toMatch(/^<svg class="plot" viewBox="[\d. ]+" role="img" aria-label="A &quot;square&quot;">/);
  expect(text.match(/role=|aria-/g)).toHaveLength(2);
  expect(text).toContain('fill="var(--accent)"');
  expect(text).not.toContain('font-family');
});
