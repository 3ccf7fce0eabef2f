/** A data file as rows of cells, before anything is known about its columns: what both readers give. */
import type { FileChecksums } from './checksums';

/** A cell: text as written, dates and times as ISO text, or what kind of value the workbook holds. */
export type CellValue = string | number | boolean;

/** One row that is not blank. */
export interface SourceRow {
  /** 1-based, the header and blank rows counted; a row of several lines counts once. */
  number: number;
  /** By column; a missing cell is blank. */
  cells: readonly (CellValue | undefined)[];
}

/** The cells of a file or sheet. */
export interface SourceTable {
  /** null = the file has no sheets. */
  sheet: string | null;
  /** The column names, trimmed; null = every row is blank. */
  header: string[] | null;
  /** Those below the header that are not blank. A walk over them may read the file once more, and throw DatasetError. */
  rows: Iterable<SourceRow>;
  /** Of the very bytes that the rows come from. */
  checksums: FileChecksums;
  /** true = broken characters of the file stand as U+FFFD in the cells. */
  hasReplacements: boolean;
  /** What the user ought to know about how the file was read. */
  notices: string[];
}

/** A table that is in memory: the first row that is not blank is the header; other blank rows are left out. */
export function tableOf(
  rows: readonly SourceRow[],
  facts: Omit<SourceTable, 'header' | 'rows'>,
): SourceTable {
  const filled = rows.filter(({ cells }) => !isBlankRow(cells));
  return { ...facts, header: headerOf(filled), rows: filled.slice(1) };
}

/** The trimmed cells of the first row; null = there is none. */
export function headerOf(filledRows: Iterable<SourceRow>): string[] | null {
  for (const { cells } of filledRows) return Array.from(cells, cellText);
  return null;
}

/** The trimmed text of a cell, without lone surrogates; a missing cell is the empty text. */
export function cellText(value: CellValue | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
  return toWellFormed(String(value).trim());
}

/** true = nothing but blanks. */
export function isBlankCell(value: CellValue | undefined): boolean {
  return value === undefined || (typeof value === 'string' && value.trim() === '');
}

/** Lone surrogates become U+FFFD: SQLite and HTTP cannot carry them. */
export function toWellFormed(text: string): string {
  return (text as string & { toWellFormed(): string }).toWellFormed();
}

/** Only the cells that are there are visited: a workbook's row may reach over thousands of empty columns. */
export function isBlankRow(cells: readonly (CellValue | undefined)[]): boolean {
  return Object.values(cells).every(isBlankCell);
}
