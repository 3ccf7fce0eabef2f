/** Lays out what a live view shows in `width` times `height` characters: no line is wider, nor are there more. Pure. */
import { experimentFrame } from './experiment-frame';
import { overviewFrame } from './overview-frame';
import { apart, fit, span, type Line } from './span';
import type { WatchedState } from './watched-experiment';
import type { WindowSize } from './window-size';

/** The whole window, line by line; the last one says how to leave. */
export function layOut(state: WatchedState, { width, height }: WindowSize): Line[] {
  const inner = { width, height: Math.max(0, height - 1) };
  const [only, ...others] = state.experiments;
  const frame =
    only !== undefined && others.length === 0
      ? experimentFrame(only, state.now, inner)
      : overviewFrame(state, inner);
  const lines = state.trouble === null ? frame : [[span(state.trouble, 'bad')], ...frame];
  const shown = lines.slice(0, inner.height).map((line) => fit(line, width));
  const blanks = Array.from({ length: inner.height - shown.length }, (): Line => []);
  return [...shown, ...blanks, fit(footer(state.now, width), width)].slice(0, height);
}

function footer(now: Date, width: number): Line {
  const time = `${now.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
  return apart(
    [{ text: 'q leaves this view; the work goes on without it', tone: 'faint' }],
    [{ text: time, tone: 'faint' }],
    width,
  );
}
