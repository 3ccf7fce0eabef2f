/** Whether two experiments differ more than chance would have it, from the narratives that only one got right. Pure. */

/**
 * Two-sided exact p of McNemar's test: `onlyFirst` and `onlySecond` narratives were right in one experiment alone.
 * 1 where there are none.
 */
export function mcnemarExact(onlyFirst: number, onlySecond: number): number {
  const n = onlyFirst + onlySecond;
  const least = Math.min(onlyFirst, onlySecond);
  // log of C(n, k) / 2^n, so that large counts do not overflow.
  let logTerm = -n * Math.LN2;
  let tail = Math.exp(logTerm);
  for (let k = 1; k <= least; k++) {
    logTerm += Math.log((n - k + 1) / k);
    tail += Math.exp(logTerm);
  }
  return Math.min(1, 2 * tail);
}
