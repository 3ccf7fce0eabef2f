/** The value below which a share of the values lies. Pure. */

/** Quantile `p` in 0..1 of ascending values, between neighbours on a straight line: R's type 7, the default of R and NumPy. */
export function quantile(ascending: readonly number[], p: number): number {
  const position = (ascending.length - 1) * p;
  const low = Math.floor(position);
  const below = ascending[low]!;
  const above = ascending[Math.min(low + 1, ascending.length - 1)]!;
  return below + (position - low) * (above - below);
}
