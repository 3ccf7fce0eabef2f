/**
 * Intervals for numbers over narratives of which several belong to one incident: whole incidents are drawn with
 * replacement (the cluster bootstrap of Davison and Hinkley 1997), percentiles of the redrawn numbers bound the interval.
 * Incidents with equal counts are interchangeable, so their numbers are drawn at once from the multinomial distribution;
 * time and memory do not grow with the number of incidents. Pure.
 */
import { randomBinomial, randomLcg } from 'd3-random';
import { quantile } from './quantile';

const N_REDRAWN = 2000;
/** In 0..1. */
const SEED = 0.20200101;

/** Counts of an incident by cell, such as true positives; every incident has the same cells. */
export type IncidentCounts = readonly number[];

/** How many incidents have the same counts. */
export class IncidentPatterns {
  private readonly patterns = new Map<string, { counts: IncidentCounts; n: number }>();

  /** One more incident. */
  add(counts: IncidentCounts): void {
    const key = counts.join();
    const known = this.patterns.get(key);
    if (known === undefined) this.patterns.set(key, { counts, n: 1 });
    else known.n += 1;
  }

  /** Counts of all incidents together, of which each has `nCells`. */
  total(nCells: number): number[] {
    const sums = new Array<number>(nCells).fill(0);
    for (const { counts, n } of this.patterns.values())
      counts.forEach((count, cell) => (sums[cell]! += n * count));
    return sums;
  }

  /** The patterns in an order that does not depend on that of the incidents. */
  list(): { counts: IncidentCounts; n: number }[] {
    return [...this.patterns].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, pattern]) => pattern);
  }
}

/** A number over summed counts; null = undefined for these, such as a ratio to 0. */
export type Statistic = (sums: readonly number[]) => number | null;

/**
 * 95 % percentile intervals of several statistics over the same redrawn incidents, as [low, high]. The seed is fixed: equal
 * incidents give equal intervals. Redrawn sums for which a statistic is undefined are left out; null = more than half were.
 */
export function clusteredBootstrap<Name extends string>(
  patterns: IncidentPatterns,
  statistics: Readonly<Record<Name, Statistic>>,
  { nRedrawn = N_REDRAWN, seed = SEED } = {},
): Record<Name, [number, number] | null> {
  const names = Object.keys(statistics) as Name[];
  const drawn = new Map<Name, number[]>(names.map((name) => [name, []]));
  const list = patterns.list();
  const binomialFrom = randomBinomial.source(randomLcg(seed));
  const drawBinomial = (n: number, p: number): number => binomialFrom(n, p)();
  for (let i = 0; i < nRedrawn && list.length > 0; i++) {
    const sums = redraw(list, drawBinomial);
    for (const name of names) {
      const value = statistics[name](sums);
      if (value !== null) drawn.get(name)!.push(value);
    }
  }
  const interval = (values: number[]): [number, number] | null => {
    if (values.length <= nRedrawn / 2) return null;
    values.sort((a, b) => a - b);
    return [quantile(values, 0.025), quantile(values, 0.975)];
  };
  return Object.fromEntries(names.map((name) => [name, interval(drawn.get(name)!)])) as Record<
    Name,
    [number, number] | null
  >;
}

/** Sums over as many incidents as there are, drawn with replacement. */
function redraw(
  list: readonly { counts: IncidentCounts; n: number }[],
  drawBinomial: (n: number, p: number) => number,
): number[] {
  const sums = new Array<number>(list[0]!.counts.length).fill(0);
  let left = list.reduce((sum, { n }) => sum + n, 0);
  let unseen = left;
  for (const { counts, n } of list) {
    if (left === 0) break;
    const times = n === unseen ? left : drawBinomial(left, n / unseen);
    counts.forEach((count, cell) => (sums[cell]! += times * count));
    left -= times;
    unseen -= n;
  }
  return sums;
}
