/** Turns the rows of a recognised table into narratives, in their order, and notes whatever is left out or changed. */
import { LoadFindings } from './load-report';
import { readLabel } from './read-label';
import type { NarrativeColumns, SourceColumns } from './recognize-columns';
import type { SourceNarrative } from './source-narrative';
import { cellText, isBlankCell, type CellValue, type SourceRow, type SourceTable } from './source-table';

/** UTF-8 read as windows-1252 or Latin-1 shows as these pairs; U+FFFD is what a failed decoding leaves behind. */
const WRONG_DECODING = /Ã[\u0080-\u00bf]|â€|\ufffd/;

/** The narratives of a table, and what happened on the way. */
export interface CollectedNarratives {
  narratives: SourceNarrative[];
  findings: LoadFindings;
}

/** Never throws: a row that cannot be used is left out and noted. */
export function collectNarratives(table: SourceTable, columns: SourceColumns): CollectedNarratives {
  const collector = new NarrativeCollector(columns, table.hasReplacements);
  for (const row of table.rows) collector.add(row);
  return collector;
}

class NarrativeCollector implements CollectedNarratives {
  readonly narratives: SourceNarrative[] = [];
  readonly findings = new LoadFindings();
  private readonly textsByKey = new Map<string, string>();

  constructor(
    private readonly columns: SourceColumns,
    private readonly hasReplacements: boolean,
  ) {}

  add(row: SourceRow): void {
    const incidentId = this.usableId(row);
    if (incidentId === null) return;
    const manualFlag = this.label(row, this.columns.incidentLabel);
    const attributes = attributesOf(row, this.columns);
    for (const columns of this.columns.narratives) {
      const manualFlagInd = this.label(row, columns.label);
      const narrativeType = columns.narrativeType ?? this.typeOf(row);
      if (!this.isKept(row, columns, incidentId, narrativeType)) continue;
      const text = this.text(row, columns.text);
      if (manualFlagInd !== null) this.findings.nLabelled += 1;
      this.textsByKey.set(keyOf(incidentId, narrativeType), text);
      this.narratives.push({ incidentId, narrativeType, text, manualFlagInd, manualFlag, attributes });
    }
  }

  /** null = the row is left out. */
  private usableId(row: SourceRow): string | null {
    const value = row.cells[this.columns.id];
    if (isBlankCell(value)) this.findings.rowsWithoutId.push(row.number);
    else if (isInexact(value)) this.findings.rowsWithInexactId.push(row.number);
    else if (this.columns.type !== null && this.typeOf(row) === '') {
      this.findings.rowsWithoutType.push(row.number);
    } else return cellText(value);
    return null;
  }

  private typeOf(row: SourceRow): string {
    return this.columns.type === null ? '' : cellText(row.cells[this.columns.type]).toLowerCase();
  }

  private label(row: SourceRow, column: number | null): 0 | 1 | null {
    if (column === null) return null;
    const label = readLabel(row.cells[column]);
    if (label === undefined) this.findings.rowsWithUnreadableLabel.push(row.number);
    return label ?? null;
  }

  /** Blank texts and those whose incident and type came before are not kept. */
  private isKept(row: SourceRow, columns: NarrativeColumns, incidentId: string, type: string): boolean {
    const value = row.cells[columns.text];
    if (isBlankCell(value)) {
      this.findings.nBlank += 1;
      return false;
    }
    const earlier = this.textsByKey.get(keyOf(incidentId, type));
    if (earlier === undefined) return true;
    this.findings.rowsWithDuplicate.push(row.number);
    if (earlier !== cellText(value)) this.findings.rowsWithOtherDuplicate.push(row.number);
    return false;
  }

  private text(row: SourceRow, column: number): string {
    const value = row.cells[column];
    const text = cellText(value);
    if (typeof value !== 'string') this.findings.rowsWithValueForText.push(row.number);
    else if (text !== value.trim() || (this.hasReplacements && text.includes('\ufffd'))) {
      this.findings.rowsWithRepairedText.push(row.number);
    } else if (WRONG_DECODING.test(text)) this.findings.rowsWithWrongDecoding.push(row.number);
    return text;
  }
}

function keyOf(incidentId: string, narrativeType: string): string {
  return JSON.stringify([incidentId, narrativeType]);
}

/** A number of which a workbook has kept only the first fifteen digits or so. */
function isInexact(value: CellValue | undefined): boolean {
  return typeof value === 'number' && Math.abs(value) > Number.MAX_SAFE_INTEGER;
}

/** Without a prototype, so that a column named `__proto__` is a name like any other. */
function attributesOf({ cells }: SourceRow, columns: SourceColumns): Record<string, string> | null {
  const attributes = Object.create(null) as Record<string, string>;
  for (const { name, column } of columns.attributes) {
    const text = cellText(cells[column]);
    if (text !== '') attributes[name] = text;
  }
  return Object.keys(attributes).length === 0 ? null : attributes;
}
