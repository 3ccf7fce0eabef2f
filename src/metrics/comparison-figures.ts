/** Two experiments over the narratives that both answered, from one walk over the pairs. Pure. */
import { agreementOf, type Agreement, type AgreementCounts } from './agreement';
import { clusteredBootstrap, IncidentPatterns, type Statistic } from './clustered-bootstrap';
import { mcnemarExact } from './mcnemar';
import { cellOf, SCORE_STATISTICS, ScoreFigures, type ScoreReport } from './score-figures';
import { share, type Share } from './share';

/** What both answered about one narrative; null label = there is none. */
export interface PairRow {
  incident_id: string;
  narrative_type: string;
  first: 0 | 1;
  second: 0 | 1;
  label: 0 | 1 | null;
  first_confidence: number | null;
  second_confidence: number | null;
}

/** Second less first, with a 95 % interval that redraws whole incidents; nulls = nothing to say. */
export interface Difference {
  difference: number | null;
  incident_interval: [number, number] | null;
}

export type ScoreName = keyof typeof SCORE_STATISTICS;

/** Over pairs with a label; counts say which of the two was right. */
export interface LabelledComparison {
  n: number;
  both_right: number;
  only_first_right: number;
  only_second_right: number;
  neither_right: number;
  /** Exact two-sided p of McNemar's test on being right; null = no label. */
  mcnemar_p: number | null;
  first: ScoreReport;
  second: ScoreReport;
  differences: Record<ScoreName, Difference>;
}

/** All numbers of a comparison. */
export interface ComparisonStatistics {
  answers: Agreement;
  by_type: ({ narrative_type: string } & Agreement)[];
  detected: {
    first: Share;
    second: Share;
    difference: Difference;
    /** Exact two-sided p of McNemar's test on being detected; null = no pair. */
    mcnemar_p: number | null;
  };
  labels: LabelledComparison;
  n_flips: number;
  /** The first ones, incident by incident. */
  flips: PairRow[];
}

/** As many are listed. */
export const MOST_FLIPS = 500;

/** Cells of an incident: pairs, detected by first and second, then the four counts of each against the labels. */
const FIRST_CELLS = 3;
const SECOND_CELLS = 7;
const N_CELLS = 11;

export class ComparisonFigures {
  private readonly all = noCounts();
  private readonly types = new Map<string, AgreementCounts>();
  private readonly first = new ScoreFigures();
  private readonly second = new ScoreFigures();
  private readonly patterns = new IncidentPatterns();
  private readonly right = noCounts();
  private readonly flips: PairRow[] = [];
  private nFlips = 0;
  private incident: PairRow[] = [];

  /** Adds a pair. Those of an incident follow one another. */
  add(row: PairRow): void {
    if (this.incident.length > 0 && this.incident[0]!.incident_id !== row.incident_id) this.endIncident();
    this.incident.push(row);
    const ofType = this.types.get(row.narrative_type) ?? noCounts();
    this.types.set(row.narrative_type, ofType);
    count(this.all, row.first === 1, row.second === 1);
    count(ofType, row.first === 1, row.second === 1);
    if (row.label !== null) count(this.right, row.first === row.label, row.second === row.label);
    if (row.first === row.second) return;
    this.nFlips += 1;
    if (this.flips.length < MOST_FLIPS) this.flips.push(row);
  }

  summarize(): ComparisonStatistics {
    this.endIncident();
    const { both_yes, only_first, only_second } = this.all;
    const answers = agreementOf(this.all);
    const differences = this.differences();
    return {
      answers,
      by_type: [...this.types]
        .sort(([a], [b]) => a.localeCompare(b, 'en'))
        .map(([narrative_type, counts]) => ({ narrative_type, ...agreementOf(counts) })),
      detected: {
        first: share(both_yes + only_first, answers.n),
        second: share(both_yes + only_second, answers.n),
        difference: differences.detected,
        mcnemar_p: answers.n === 0 ? null : mcnemarExact(only_first, only_second),
      },
      labels: this.labelled(differences),
      n_flips: this.nFlips,
      flips: this.flips,
    };
  }

  private labelled(differences: Record<ScoreName, Difference>): LabelledComparison {
    const { both_yes: both, only_first: first, only_second: second, both_no: neither } = this.right;
    const n = both + first + second + neither;
    return {
      n,
      both_right: both,
      only_first_right: first,
      only_second_right: second,
      neither_right: neither,
      mcnemar_p: n === 0 ? null : mcnemarExact(first, second),
      first: this.first.summarize(),
      second: this.second.summarize(),
      differences: {
        precision: differences.precision,
        recall: differences.recall,
        specificity: differences.specificity,
        accuracy: differences.accuracy,
        f1: differences.f1,
      },
    };
  }

  private differences(): Record<ScoreName | 'detected', Difference> {
    const statistics = { detected: detectedDifference, ...scoreDifferences() };
    const sums = this.patterns.total(N_CELLS);
    const intervals = clusteredBootstrap(this.patterns, statistics);
    return Object.fromEntries(
      Object.entries(statistics).map(([name, of]) => [
        name,
        { difference: of(sums), incident_interval: intervals[name as ScoreName] },
      ]),
    ) as Record<ScoreName | 'detected', Difference>;
  }

  private endIncident(): void {
    if (this.incident.length === 0) return;
    const counts = new Array<number>(N_CELLS).fill(0);
    const cells: Record<'first' | 'second', number[][]> = { first: [], second: [] };
    for (const { first, second, label } of this.incident) {
      counts[0]! += 1;
      counts[1]! += first;
      counts[2]! += second;
      if (label === null) continue;
      cells.first.push(cellOf(first, label));
      cells.second.push(cellOf(second, label));
    }
    for (const cell of cells.first) cell.forEach((n, i) => (counts[FIRST_CELLS + i]! += n));
    for (const cell of cells.second) cell.forEach((n, i) => (counts[SECOND_CELLS + i]! += n));
    this.first.addIncident(cells.first);
    this.second.addIncident(cells.second);
    this.patterns.add(counts);
    this.incident = [];
  }
}

const detectedDifference: Statistic = ([n, first, second]) => (n === 0 ? null : (second! - first!) / n!);

function scoreDifferences(): Record<ScoreName, Statistic> {
  return Object.fromEntries(
    Object.entries(SCORE_STATISTICS).map(([name, of]): [string, Statistic] => [
      name,
      (sums) => {
        const first = of(sums.slice(FIRST_CELLS, SECOND_CELLS));
        const second = of(sums.slice(SECOND_CELLS));
        return first === null || second === null ? null : second - first;
      },
    ]),
  ) as Record<ScoreName, Statistic>;
}

function noCounts(): AgreementCounts {
  return { both_yes: 0, only_first: 0, only_second: 0, both_no: 0 };
}

function count(counts: AgreementCounts, first: boolean, second: boolean): void {
  if (first) counts[second ? 'both_yes' : 'only_first'] += 1;
  else counts[second ? 'only_second' : 'both_no'] += 1;
}
