/** What the narratives of one incident say together and about one another. Pure. */
import { agreementOf, type Agreement, type AgreementCounts } from './agreement';
import { clusteredBootstrap, IncidentPatterns } from './clustered-bootstrap';
import type { ReportRow } from './report-row';
import { share, type Share } from './share';

/** Two kinds of narratives, over the incidents in which both are answered. */
export interface PairAgreement extends Agreement {
  first: string;
  second: string;
}

/** Incidents with at least one answer. */
export interface IncidentReport {
  n: number;
  /** An incident is detected if any of its narratives is. */
  either: Share;
  /** By which kinds of narratives are answered, such as cme + le. */
  by_answered: { narrative_types: string[]; detected: Share }[];
  /** Incidents of which some narratives have an answer and some an error. */
  n_partly_answered: number;
  agreement: PairAgreement[];
  /** 95 % interval of the share of detected narratives that redraws whole incidents; null = no answer. */
  detection_interval: [number, number] | null;
}

export class IncidentFigures {
  private readonly byAnswered = new Map<string, { types: string[]; n: number; nDetected: number }>();
  private readonly pairs = new Map<string, { first: string; second: string } & AgreementCounts>();
  private readonly patterns = new IncidentPatterns();
  private nPartly = 0;

  /** All rows of one incident, by kind of narrative in alphabetical order. */
  addIncident(rows: readonly ReportRow[]): void {
    const answered = rows.filter(({ detected }) => detected !== null);
    if (answered.length === 0) return;
    if (answered.length < rows.length) this.nPartly += 1;
    const nDetected = answered.filter(({ detected }) => detected === 1).length;
    this.patterns.add([nDetected, answered.length]);
    const types = answered.map(({ narrative_type: type }) => type);
    const group = this.byAnswered.get(types.join('\n')) ?? { types, n: 0, nDetected: 0 };
    this.byAnswered.set(types.join('\n'), group);
    group.n += 1;
    group.nDetected += nDetected > 0 ? 1 : 0;
    answered.forEach((first, i) => answered.slice(i + 1).forEach((second) => this.addPair(first, second)));
  }

  summarize(): IncidentReport {
    const groups = [...this.byAnswered.values()].sort((a, b) => b.n - a.n);
    const sum = (of: 'n' | 'nDetected'): number => groups.reduce((total, group) => total + group[of], 0);
    const { detection } = clusteredBootstrap(this.patterns, { detection: ([part, whole]) => part! / whole! });
    return {
      n: sum('n'),
      either: share(sum('nDetected'), sum('n')),
      by_answered: groups.map(({ types, n, nDetected }) => ({
        narrative_types: types,
        detected: share(nDetected, n),
      })),
      n_partly_answered: this.nPartly,
      agreement: [...this.pairs.values()]
        .map(({ first, second, ...counts }) => ({ first, second, ...agreementOf(counts) }))
        .sort((a, b) => b.n - a.n),
      detection_interval: detection,
    };
  }

  private addPair(first: ReportRow, second: ReportRow): void {
    const key = `${first.narrative_type}\n${second.narrative_type}`;
    const pair = this.pairs.get(key) ?? {
      first: first.narrative_type,
      second: second.narrative_type,
      both_yes: 0,
      only_first: 0,
      only_second: 0,
      both_no: 0,
    };
    this.pairs.set(key, pair);
    const said = first.detected === 1 ? 'first' : 'none';
    if (second.detected === 1) pair[said === 'first' ? 'both_yes' : 'only_second'] += 1;
    else pair[said === 'first' ? 'only_first' : 'both_no'] += 1;
  }
}
