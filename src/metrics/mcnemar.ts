/** Whether two experiments differ more than chance would have it, from the narratives that only one got right. Pure. */
import binomialCdf from '@stdlib/stats-base-dists-binomial-cdf';

/**
 * Two-sided exact p of McNemar's test: `onlyFirst` and `onlySecond` narratives were right in one experiment alone.
 * 1 where there are none.
 */
export function mcnemarExact(onlyFirst: number, onlySecond: number): number {
  const n = onlyFirst + onlySecond;
  return n === 0 ? 1 : Math.min(1, 2 * binomialCdf(Math.min(onlyFirst, onlySecond), n, 0.5));
}
