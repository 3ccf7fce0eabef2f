/** Turns the rows of a recognised table into narratives, in their order, and notes whatever is left out or changed. */
import { DigestTable } from './digest-table';
import type { LoadFindings } from './load-report';
import { readLabel } from './read-label';
import type { NarrativeColumns, SourceColumns } from './recognize-columns';
import type { SourceNarrative } from './source-narrative';
import { cellText, isBlankCell, type CellValue, type SourceRow, type SourceTable } from './source-table';

/** UTF-8 read as windows-1252 or Latin-1 shows as these pairs; U+FFFD is what a failed decoding leaves behind. */
const WRONG_DECODING = /Ã[\u0080-\u00bf]|â€|\ufffd/;

/** A walk over the narratives of a table, which notes what happens on the way. Throws only what a walk over the rows does. */
export function* collectNarratives(
  table: SourceTable,
  columns: SourceColumns,
  findings: LoadFindings,
): Generator<SourceNarrative> {
  const collector = new NarrativeCollector(table, columns, findings);
  for (const row of table.rows) yield* collector.read(row);
}

class NarrativeCollector {
  private readonly texts = new DigestTable();
  private readonly unnamedColumns: number[];
  private readonly nColumns: number;
  private readonly hasReplacements: boolean;

  constructor(
    { header, hasReplacements }: SourceTable,
    private readonly columns: SourceColumns,
    private readonly findings: LoadFindings,
  ) {
    const names = header ?? [];
    this.unnamedColumns = names.flatMap((name, column) => (name === '' ? [column] : []));
    this.nColumns = names.length;
    this.hasReplacements = hasReplacements;
  }

  /** A row that cannot be used is left out and noted. */
  read(row: SourceRow): SourceNarrative[] {
    this.findings.nRows += 1;
    if (this.hasUnnamedCells(row)) this.findings.rowsWithUnnamedCells.add(row.number);
    const incidentId = this.usableId(row);
    if (incidentId === null) return [];
    const manualFlag = this.label(row, this.columns.incidentLabel);
    const attributes = attributesOf(row, this.columns);
    const narratives: SourceNarrative[] = [];
    for (const columns of this.columns.narratives) {
      const manualFlagInd = this.label(row, columns.label);
      const narrativeType = columns.narrativeType ?? this.typeOf(row);
      if (!this.isKept(row, columns, incidentId, narrativeType)) continue;
      const text = this.text(row, columns.text);
      if (manualFlagInd !== null) this.findings.nLabelled += 1;
      this.findings.nNarratives += 1;
      narratives.push({ incidentId, narrativeType, text, manualFlagInd, manualFlag, attributes });
    }
    return narratives;
  }

  /** A workbook's row may have cells where the header has none; it is as sparse as the sheet. */
  private hasUnnamedCells({ cells }: SourceRow): boolean {
    if (this.unnamedColumns.some((column) => !isBlankCell(cells[column]))) return true;
    if (cells.length <= this.nColumns) return false;
    return Object.entries(cells).some(
      ([column, value]) => Number(column) >= this.nColumns && !isBlankCell(value),
    );
  }

  /** null = the row is left out. */
  private usableId(row: SourceRow): string | null {
    const value = row.cells[this.columns.id];
    if (isBlankCell(value)) this.findings.rowsWithoutId.add(row.number);
    else if (isInexact(value)) this.findings.rowsWithInexactId.add(row.number);
    else if (this.columns.type !== null && this.typeOf(row) === '') {
      this.findings.rowsWithoutType.add(row.number);
    } else return cellText(value);
    return null;
  }

  private typeOf(row: SourceRow): string {
    return this.columns.type === null ? '' : cellText(row.cells[this.columns.type]).toLowerCase();
  }

  private label(row: SourceRow, column: number | null): 0 | 1 | null {
    if (column === null) return null;
    const label = readLabel(row.cells[column]);
    if (label === undefined) this.findings.rowsWithUnreadableLabel.add(row.number);
    return label ?? null;
  }

  /** Blank texts and those whose incident and type came before are not kept. */
  private isKept(row: SourceRow, columns: NarrativeColumns, incidentId: string, type: string): boolean {
    const value = row.cells[columns.text];
    if (isBlankCell(value)) {
      this.findings.nBlank += 1;
      return false;
    }
    const text = cellText(value);
    const earlier = this.texts.add(keyOf(incidentId, type), text);
    if (earlier < 0) return true;
    this.findings.rowsWithDuplicate.add(row.number);
    if (!this.texts.hasText(earlier, text)) this.findings.rowsWithOtherDuplicate.add(row.number);
    return false;
  }

  private text(row: SourceRow, column: number): string {
    const value = row.cells[column];
    const text = cellText(value);
    if (typeof value !== 'string') this.findings.rowsWithValueForText.add(row.number);
    else if (text !== value.trim() || (this.hasReplacements && text.includes('\ufffd'))) {
      this.findings.rowsWithRepairedText.add(row.number);
    } else if (WRONG_DECODING.test(text)) this.findings.rowsWithWrongDecoding.add(row.number);
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
