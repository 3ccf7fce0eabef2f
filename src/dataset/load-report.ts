/** What was found while a data file was read: counts, and sentences about whatever was left out or changed. */
import { describeNames, type SourceColumns } from './recognize-columns';
import type { SourceTable } from './source-table';

/** Counts and notices of one reading of a data file. */
export interface LoadReport {
  format: 'wide' | 'long';
  /** null = the file has no sheets. */
  sheet: string | null;
  /** Rows below the header that are not wholly blank. */
  nRows: number;
  /** Narrative cells that are blank, in rows with an id. */
  nBlank: number;
  /** Narratives left out because their id and type came before. */
  nDuplicate: number;
  /** Rows left out because they have no usable id or, in the long format, no narrative type. */
  nWithoutId: number;
  /** Narratives with a label of their own (`manualFlagInd`). */
  nLabelled: number;
  /** Label cells that are neither a label nor blank. */
  nUnreadableLabels: number;
  /** Texts in which broken characters were replaced by U+FFFD. */
  nRepairedTexts: number;
  nNarratives: number;
  /** Sentences for the user; they name rows and columns, never ids or texts. */
  notices: string[];
}

/** Rows (by number) and counts that the report is made of; a row appears once for each cell concerned. */
export class LoadFindings {
  nBlank = 0;
  nLabelled = 0;
  readonly rowsWithoutId: number[] = [];
  readonly rowsWithInexactId: number[] = [];
  readonly rowsWithoutType: number[] = [];
  readonly rowsWithUnreadableLabel: number[] = [];
  readonly rowsWithDuplicate: number[] = [];
  readonly rowsWithOtherDuplicate: number[] = [];
  readonly rowsWithValueForText: number[] = [];
  readonly rowsWithRepairedText: number[] = [];
  readonly rowsWithWrongDecoding: number[] = [];
}

const MAX_ROWS_SHOWN = 10;

/** Sums up the findings. */
export function reportFindings(
  table: SourceTable,
  columns: SourceColumns,
  findings: LoadFindings,
  nNarratives: number,
): LoadReport {
  return {
    format: columns.format,
    sheet: table.sheet,
    nRows: table.rows.length,
    nBlank: findings.nBlank,
    nDuplicate: findings.rowsWithDuplicate.length,
    nWithoutId:
      findings.rowsWithoutId.length + findings.rowsWithInexactId.length + findings.rowsWithoutType.length,
    nLabelled: findings.nLabelled,
    nUnreadableLabels: findings.rowsWithUnreadableLabel.length,
    nRepairedTexts: findings.rowsWithRepairedText.length,
    nNarratives,
    notices: [...table.notices, ...columnNotices(table, columns), ...rowNotices(findings)],
  };
}

function columnNotices(table: SourceTable, columns: SourceColumns): string[] {
  const notices: string[] = [];
  if (columns.duplicateNames.length > 0) {
    notices.push(
      `Several columns have the same name, and only the first of each was read: ${describeNames(columns.duplicateNames)}.`,
    );
  }
  const isUnnamed = (column: string) => !table.header?.[Number(column)];
  const rows = table.rows.filter(({ cells }) =>
    Object.entries(cells).some(([column, value]) => isUnnamed(column) && String(value).trim() !== ''),
  );
  if (rows.length > 0) {
    notices.push(
      `Cells in columns without a name were left out in ${describeRows(rows.map(({ number }) => number))}.`,
    );
  }
  return notices;
}

function rowNotices(findings: LoadFindings): string[] {
  const sentences: [rows: number[], sentence: (rows: string) => string][] = [
    [findings.rowsWithoutId, (rows) => `Left out for want of an id: ${rows}.`],
    [
      findings.rowsWithInexactId,
      (rows) =>
        `Left out because the id is a number too large to be exact (above ${Number.MAX_SAFE_INTEGER}); ` +
        `write such ids as text: ${rows}.`,
    ],
    [findings.rowsWithoutType, (rows) => `Left out for want of a narrative type: ${rows}.`],
    [findings.rowsWithDuplicate, (rows) => `Left out because incident and type came before: ${rows}.`],
    [
      findings.rowsWithOtherDuplicate,
      (rows) => `Of these the text differs from the one that was kept: ${rows}.`,
    ],
    [
      findings.rowsWithUnreadableLabel,
      (rows) => `Labels that are neither yes nor no were taken as missing: ${rows}.`,
    ],
    [
      findings.rowsWithValueForText,
      (rows) => `Numbers or truth values in place of a narrative were read as text: ${rows}.`,
    ],
    [findings.rowsWithRepairedText, (rows) => `Broken characters in texts were replaced by U+FFFD: ${rows}.`],
    [
      findings.rowsWithWrongDecoding,
      (rows) => `Texts look wrongly decoded (as "Ã©" for "é"); check how the file was made: ${rows}.`,
    ],
  ];
  return sentences
    .filter(([rows]) => rows.length > 0)
    .map(([rows, sentence]) => sentence(describeRows(rows)));
}

function describeRows(numbers: readonly number[]): string {
  const rows = [...new Set(numbers)];
  const left = rows.length - MAX_ROWS_SHOWN;
  const shown = rows.slice(0, MAX_ROWS_SHOWN).join(', ');
  return `${rows.length === 1 ? 'row' : 'rows'} ${shown}${left > 0 ? ` and ${left} more` : ''}`;
}
