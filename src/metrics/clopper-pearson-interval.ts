/** An interval that never covers less than it says, at the price of being wide. Pure. */
import betaQuantile from '@stdlib/stats-base-dists-beta-quantile';

/** Clopper and Pearson's exact 95 % interval (1934) of `part` in `whole`, as [low, high]; null = the whole is 0. */
export function clopperPearsonInterval(part: number, whole: number): [number, number] | null {
  if (whole === 0) return null;
  const low = part === 0 ? 0 : betaQuantile(0.025, part, whole - part + 1);
  const high = part === whole ? 1 : betaQuantile(0.975, part + 1, whole - part);
  return [low, high];
}
