/** All figures of a report from one walk over the results. Memory does not grow with their number. Pure. */
import { ColumnFigures, type ColumnGroups } from './column-figures';
import { ConfidenceFigures, type ConfidenceReport } from './confidence-figures';
import { CoverageFigures, type CoverageReport } from './coverage-figures';
import { GroupFigures, type Group } from './group-figures';
import { IncidentFigures, type IncidentReport } from './incident-figures';
import { LabelFigures, type LabelReport } from './label-figures';
import type { ReportRow } from './report-row';
import { share, type Share } from './share';
import { TextFigures, type TextReport } from './text-figures';
import { UsageFigures, type UsageReport } from './usage-figures';

/** Detected narratives among the answered ones. */
export interface DetectionReport {
  all: Share;
  /** 95 % interval that redraws whole incidents. */
  incident_interval: [number, number] | null;
  by_type: Group[];
  by_column: ColumnGroups[];
  /** Columns asked for whose values are too many for groups. */
  columns_left_out: string[];
}

/** The numbers of a report. */
export interface FiguresReport {
  coverage: CoverageReport;
  detection: DetectionReport;
  incidents: IncidentReport;
  confidence: ConfidenceReport;
  labels: LabelReport;
  texts: TextReport;
  usage: UsageReport;
}

export class ExperimentFigures {
  private readonly coverage = new CoverageFigures();
  private readonly types = new GroupFigures();
  private readonly columns: ColumnFigures;
  private readonly incidents = new IncidentFigures();
  private readonly confidence = new ConfidenceFigures();
  private readonly labels = new LabelFigures();
  private readonly texts = new TextFigures();
  private readonly usage = new UsageFigures();
  private incident: ReportRow[] = [];
  private nAnswered = 0;
  private nDetected = 0;

  /** `columns`: by which to group; null = year and site where the data has them. */
  constructor(columns: readonly string[] | null) {
    this.columns = new ColumnFigures(columns);
  }

  /** Adds a result. Those of an incident follow one another. */
  add(row: ReportRow): void {
    if (this.incident.length > 0 && this.incident[0]!.incident_id !== row.incident_id) this.endIncident();
    this.incident.push(row);
    this.coverage.add(row);
    this.texts.add(row);
    this.usage.add(row);
    if (row.detected === null) return;
    this.nAnswered += 1;
    this.nDetected += row.detected;
    this.types.add(row.narrative_type, row.detected);
    this.columns.add(row.attributes, row.detected);
    this.confidence.add(row);
  }

  /** All figures; `listed` counts the narratives of each kind on the experiment's list. */
  summarize(listed: readonly { narrative_type: string; n: number }[]): FiguresReport {
    this.endIncident();
    const incidents = this.incidents.summarize();
    return {
      coverage: this.coverage.summarize(listed),
      detection: {
        all: share(this.nDetected, this.nAnswered),
        incident_interval: incidents.detection_interval,
        by_type: this.types.list(),
        by_column: this.columns.list(),
        columns_left_out: this.columns.tooMany(),
      },
      incidents,
      confidence: this.confidence.summarize(),
      labels: this.labels.summarize(),
      texts: this.texts.summarize(),
      usage: this.usage.summarize(),
    };
  }

  /** The columns of the data file by which groups could be made. */
  columnNames(): string[] {
    return this.columns.names();
  }

  private endIncident(): void {
    if (this.incident.length === 0) return;
    this.incidents.addIncident(this.incident);
    this.labels.addIncident(this.incident);
    this.incident = [];
  }
}
