/** Lines of a terminal as pieces of text with a tone, cut and filled up to a width in columns. Pure. */
import stringWidth from 'string-width';
import { toPlainLine } from '../plain-text';

/** How a piece of a line is shown where colours are allowed. */
export type Tone = 'strong' | 'faint' | 'good' | 'warning' | 'bad';

/** A piece of a line; its text holds no control character. */
export interface Span {
  text: string;
  tone?: Tone;
}
export type Line = readonly Span[];

const SGR: Readonly<Record<Tone, string>> = { strong: '1', faint: '2', good: '32', warning: '33', bad: '31' };
const GRAPHEMES = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** A piece of text from elsewhere, made harmless. */
export function span(text: string, tone?: Tone): Span {
  return { text: toPlainLine(text, 2000), ...(tone === undefined ? {} : { tone }) };
}

/** Columns that a line takes. */
export function widthOf(line: Line): number {
  return line.reduce((sum, { text }) => sum + stringWidth(text), 0);
}

/** The line, cut with `…` where it is wider than `width` columns. */
export function fit(line: Line, width: number): Line {
  if (widthOf(line) <= width) return line;
  const kept: Span[] = [];
  let left = width - 1;
  for (const { text, tone } of line) {
    const cut = beginning(text, left);
    kept.push({ text: cut, ...(tone === undefined ? {} : { tone }) });
    left -= stringWidth(cut);
    if (cut !== text) break;
  }
  return width < 1 ? [] : [...kept, { text: '…' }];
}

/** The text in exactly `width` columns: cut, or filled with blanks. */
export function cell(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const [{ text: cut } = { text: '' }, more] = fit([span(text)], width);
  const shown = more === undefined ? cut : `${cut}${more.text}`;
  const blanks = ' '.repeat(Math.max(0, width - stringWidth(shown)));
  return align === 'left' ? `${shown}${blanks}` : `${blanks}${shown}`;
}

/** The left part at the left and the right one at the right edge; the right one gives way. */
export function apart(left: Line, right: Line, width: number): Line {
  const blanks = width - widthOf(left) - widthOf(right);
  return blanks < 2 ? fit(left, width) : [...left, { text: ' '.repeat(blanks) }, ...right];
}

/** The line as it is written to a terminal. */
export function toTerminal(line: Line, hasColours: boolean): string {
  return line
    .map(({ text, tone }) =>
      hasColours && tone !== undefined ? `\u001b[${SGR[tone]}m${text}\u001b[0m` : text,
    )
    .join('');
}

/** As many whole characters as fit into `width` columns. */
function beginning(text: string, width: number): string {
  let taken = '';
  let left = width;
  for (const { segment } of GRAPHEMES.segment(text)) {
    left -= stringWidth(segment);
    if (left < 0) break;
    taken += segment;
  }
  return taken;
}
