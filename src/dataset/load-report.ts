/** What was found while a data file was read: counts, and sentences about whatever was left out or changed. */
import { describeNames, type SourceColumns } from './recognize-columns';
import { RowTally } from './row-tally';
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

/** Rows and counts that the report is made of; a row is noted once for each cell concerned. */
export class LoadFindings {
  nRows = 0;
  nBlank = 0;
  nLabelled = 0;
  nNarratives = 0;
  readonly rowsWithUnnamedCells = new RowTally();
  readonly rowsWithoutId = new RowTally();
  readonly rowsWithInexactId = new RowTally();
  readonly rowsWithoutType = new RowTally();
  readonly rowsWithUnreadableLabel = new RowTally();
  readonly rowsWithDuplicate = new RowTally();
  readonly rowsWithOtherDuplicate = new RowTally();
  readonly rowsWithValueForText = new RowTally();
  readonly rowsWithRepairedText = new RowTally();
  readonly rowsWithWrongDecoding = new RowTally();
}

/** Sums up the findings. */
export function reportFindings(
  table: SourceTable,
  columns: SourceColumns,
  findings: LoadFindings,
): LoadReport {
  return {
    format: columns.format,
    sheet: table.sheet,
    nRows: findings.nRows,
    nBlank: findings.nBlank,
    nDuplicate: findings.rowsWithDuplicate.nNoted,
    nWithoutId:
      findings.rowsWithoutId.nNoted + findings.rowsWithInexactId.nNoted + findings.rowsWithoutType.nNoted,
    nLabelled: findings.nLabelled,
    nUnreadableLabels: findings.rowsWithUnreadableLabel.nNoted,
    nRepairedTexts: findings.rowsWithRepairedText.nNoted,
    nNarratives: findings.nNarratives,
    notices: [...table.notices, ...columnNotices(columns), ...rowNotices(findings)],
  };
}

function columnNotices({ duplicateNames }: SourceColumns): string[] {
  if (duplicateNames.length === 0) return [];
  const names = describeNames(duplicateNames);
  return [`Several columns have the same name, and only the first of each was read: ${names}.`];
}

function rowNotices(findings: LoadFindings): string[] {
  const sentences: [rows: RowTally, sentence: (rows: string) => string][] = [
    [findings.rowsWithUnnamedCells, (rows) => `Cells in columns without a name were left out in ${rows}.`],
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
  return sentences.filter(([rows]) => rows.nNoted > 0).map(([rows, sentence]) => sentence(rows.describe()));
}
