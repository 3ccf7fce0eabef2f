/** How answers meet labels: as a whole, by kind of narrative, by incident; whether confidence is to be trusted. Pure. */
import { CalibrationFigures, type Calibration } from './calibration';
import type { ReportRow } from './report-row';
import { cellOf, ScoreFigures, type ScoreReport } from './score-figures';

/** An answer that differs from its label. */
export interface Disagreement {
  narrative_id: number;
  incident_id: string;
  narrative_type: string;
  kind: 'false_positive' | 'false_negative';
  confidence: number | null;
}

/** Over answers with a label. */
export interface LabelReport {
  all: ScoreReport;
  by_type: ({ narrative_type: string } & ScoreReport)[];
  /** Incidents: detected if any narrative is; see incidentLabel for their labels. */
  incidents: ScoreReport;
  calibration: Calibration;
  n_disagreements: number;
  /** The surest ones. */
  disagreements: Disagreement[];
}

/** As many are listed in a report. */
export const MOST_DISAGREEMENTS = 300;

export class LabelFigures {
  private readonly all = new ScoreFigures();
  private readonly byType = new Map<string, ScoreFigures>();
  private readonly incidents = new ScoreFigures();
  private readonly calibration = new CalibrationFigures();
  private nDisagreements = 0;
  private disagreements: Disagreement[] = [];

  /** All rows of one incident. */
  addIncident(rows: readonly ReportRow[]): void {
    const cells = rows.flatMap((row) => {
      const { detected, label, narrative_type: type } = row;
      if (detected === null || label === null) return [];
      const cell = cellOf(detected, label);
      const ofType = this.byType.get(type) ?? new ScoreFigures();
      this.byType.set(type, ofType);
      ofType.addIncident([cell]);
      if (row.confidence !== null) this.calibration.add(row.confidence, detected === label);
      if (detected !== label) this.addDisagreement(row);
      return [cell];
    });
    this.all.addIncident(cells);
    const label = incidentLabel(rows);
    const answered = rows.filter(({ detected }) => detected !== null);
    if (label === null || answered.length === 0) return;
    this.incidents.addIncident([cellOf(answered.some(({ detected }) => detected === 1) ? 1 : 0, label)]);
  }

  summarize(): LabelReport {
    return {
      all: this.all.summarize(),
      by_type: [...this.byType]
        .sort(([a], [b]) => a.localeCompare(b, 'en'))
        .map(([narrative_type, figures]) => ({ narrative_type, ...figures.summarize() })),
      incidents: this.incidents.summarize(),
      calibration: this.calibration.summarize(),
      n_disagreements: this.nDisagreements,
      disagreements: surest(this.disagreements),
    };
  }

  private addDisagreement({
    narrative_id,
    incident_id,
    narrative_type,
    detected,
    confidence,
  }: ReportRow): void {
    const kind = detected === 1 ? 'false_positive' : 'false_negative';
    this.nDisagreements += 1;
    this.disagreements.push({ narrative_id, incident_id, narrative_type, kind, confidence });
    if (this.disagreements.length > 2 * MOST_DISAGREEMENTS) this.disagreements = surest(this.disagreements);
  }
}

/** The label that the data gives the incident; else, where all its narratives are labelled, yes if one of the labels is. */
function incidentLabel(rows: readonly ReportRow[]): 0 | 1 | null {
  const given = rows.find(({ incident_label: label }) => label !== null)?.incident_label;
  if (given !== undefined) return given;
  if (rows.some(({ label }) => label === null)) return null;
  return rows.some(({ label }) => label === 1) ? 1 : 0;
}

function surest(disagreements: readonly Disagreement[]): Disagreement[] {
  return [...disagreements]
    .sort((a, b) => (b.confidence ?? -1) - (a.confidence ?? -1))
    .slice(0, MOST_DISAGREEMENTS);
}
