/** Which narratives have an answer, and why others have none. Pure. */
import type { ReportRow } from './report-row';
import { share, type Share } from './share';

/** Counts of narratives on the experiment's list. */
export interface CoverageCounts {
  n_narratives: number;
  n_errors: number;
  n_missing: number;
  answered: Share;
}

/** A narrative without an answer. */
export interface FailedRow {
  incident_id: string;
  narrative_type: string;
  error_category: string | null;
}

export interface CoverageReport extends CoverageCounts {
  by_type: ({ narrative_type: string } & CoverageCounts)[];
  errors_by_category: { category: string | null; errors: Share }[];
  /** The first ones. */
  errors: FailedRow[];
}

/** As many are listed in a report. */
export const MOST_ERRORS = 50;

export class CoverageFigures {
  private readonly types = new Map<string, { nRows: number; nErrors: number }>();
  private readonly categories = new Map<string | null, number>();
  private readonly errors: FailedRow[] = [];

  /** A result, errors included. */
  add({ incident_id, narrative_type, detected, error_category }: ReportRow): void {
    const type = this.types.get(narrative_type) ?? { nRows: 0, nErrors: 0 };
    this.types.set(narrative_type, type);
    type.nRows += 1;
    if (detected !== null) return;
    type.nErrors += 1;
    this.categories.set(error_category, (this.categories.get(error_category) ?? 0) + 1);
    if (this.errors.length < MOST_ERRORS) this.errors.push({ incident_id, narrative_type, error_category });
  }

  /** `listed` counts the narratives of each kind on the experiment's list. */
  summarize(listed: readonly { narrative_type: string; n: number }[]): CoverageReport {
    const byType = listed.map(({ narrative_type, n }) => {
      const { nRows, nErrors } = this.types.get(narrative_type) ?? { nRows: 0, nErrors: 0 };
      return { narrative_type, n, nRows, nErrors };
    });
    const sum = (of: 'n' | 'nRows' | 'nErrors'): number =>
      byType.reduce((total, type) => total + type[of], 0);
    const counts = (n: number, nRows: number, nErrors: number): CoverageCounts => ({
      n_narratives: n,
      n_errors: nErrors,
      n_missing: n - nRows,
      answered: share(nRows - nErrors, n),
    });
    return {
      ...counts(sum('n'), sum('nRows'), sum('nErrors')),
      by_type: byType.map(({ narrative_type, n, nRows, nErrors }) => ({
        narrative_type,
        ...counts(n, nRows, nErrors),
      })),
      errors_by_category: [...this.categories]
        .sort(([, a], [, b]) => b - a)
        .map(([category, n]) => ({ category, errors: share(n, sum('n')) })),
      errors: this.errors,
    };
  }
}
