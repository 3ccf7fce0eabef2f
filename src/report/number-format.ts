/** Numbers for people, the same on every machine. */

/** For what there is no number. */
export const NOTHING = '–';

type Interval = readonly [number, number] | null;

/** 35,312 */
export function formatCount(value: number): string {
  return String(Math.round(value)).replaceAll(/\B(?=(\d{3})+$)/g, ',');
}

/** 5.65 % */
export function formatPercent(ratio: number | null, decimals = 2): string {
  return ratio === null ? NOTHING : `${withMinus((100 * ratio).toFixed(decimals))}\u00a0%`;
}

/** 0.317 */
export function formatRatio(value: number | null, decimals = 3): string {
  return value === null ? NOTHING : withMinus(value.toFixed(decimals));
}

/** 5.41 to 5.90 % */
export function formatPercentInterval(interval: Interval, decimals = 2): string {
  if (interval === null) return NOTHING;
  return `${interval.map((bound) => withMinus((100 * bound).toFixed(decimals))).join(' to ')}\u00a0%`;
}

/** 0.287 to 0.346 */
export function formatRatioInterval(interval: Interval, decimals = 3): string {
  return interval === null ? NOTHING : interval.map((bound) => formatRatio(bound, decimals)).join(' to ');
}

/** p = 0.0525, or p < 0.0001 */
export function formatProbability(p: number | null): string {
  return p === null ? NOTHING : p < 0.0001 ? 'p < 0.0001' : `p = ${p.toFixed(4)}`;
}

/** 4.97; whole numbers and thousands get no decimals. */
export function formatMeasure(value: number | null): string {
  if (value === null) return NOTHING;
  if (Number.isInteger(value)) return formatCount(value);
  return Math.abs(value) >= 1000 ? formatCount(value) : value.toFixed(Math.abs(value) >= 100 ? 1 : 2);
}

/** 48.8 h, 12.5 min or 8.2 s */
export function formatDuration(seconds: number | null): string {
  if (seconds === null) return NOTHING;
  if (seconds >= 5400) return `${formatCountOrOne(seconds / 3600)} h`;
  return seconds >= 90 ? `${(seconds / 60).toFixed(1)} min` : `${seconds.toFixed(1)} s`;
}

/** 35.1 million, or the count where it is small. */
export function formatLarge(value: number): string {
  return value >= 1e6 ? `${(value / 1e6).toFixed(1)} million` : formatCount(value);
}

/** 2026-11-23 22:59 UTC; times of older programs as they are. */
export function formatTime(time: string | null): string {
  if (time === null) return NOTHING;
  const match = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d):\d\d(?:\.\d+)?Z$/.exec(time);
  return match === null ? time : `${match[1]} ${match[2]} UTC`;
}

function formatCountOrOne(value: number): string {
  return value >= 1000 ? formatCount(value) : value.toFixed(1);
}

function withMinus(text: string): string {
  return text.replace('-', '−');
}
