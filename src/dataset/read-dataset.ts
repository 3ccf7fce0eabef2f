/** Reads a data file into narratives: table, columns, rows to narratives, checksums. */
import { extname } from 'node:path';
import { DatasetError } from '../errors';
import { checksumsOf, textsSha256, type FileChecksums } from './checksums';
import { collectNarratives, type LoadReport, type SourceNarrative } from './collect-narratives';
import { readCsv } from './read-csv';
import { readExcel } from './read-excel';
import { recognizeColumns } from './recognize-columns';

export { checksumsOf, textsSha256, type FileChecksums } from './checksums';
export type { LoadReport, SourceNarrative } from './collect-narratives';

/** A table as it stands in a file: cells are trimmed text, blank ones empty. */
export interface SourceTable {
  header: string[];
  rows: string[][];
  /** null = the file has no sheets. */
  sheet: string | null;
  notices: string[];
}

/** A data file that was read whole. */
export interface SourceDataset {
  file: string;
  checksums: FileChecksums;
  /** Over the ordered ids, types and texts. */
  textsSha256: string;
  narratives: SourceNarrative[];
  report: LoadReport;
}

const CSV_EXTENSIONS = ['.csv', '.tsv', '.txt'];
const EXCEL_EXTENSIONS = ['.xlsx', '.xlsm', '.xls'];

/** Reads a CSV or Excel file. Throws DatasetError. */
export function readDataset(file: string): SourceDataset {
  const checksums = checksumsOf(file);
  const table = readTable(file);
  const columns = recognizeColumns(file, table.header);
  const { narratives, report } = collectNarratives(table, columns);
  if (narratives.length === 0) {
    throw new DatasetError(
      file,
      `it has no usable narrative (${report.nRows} rows, ${report.nBlank} blank texts, ${report.nWithoutId} rows without id)`,
      'Check that the texts stand in the columns that the header names.',
    );
  }
  return { file, checksums, textsSha256: textsSha256(narratives), narratives, report };
}

function readTable(file: string): SourceTable {
  const extension = extname(file).toLowerCase();
  if (CSV_EXTENSIONS.includes(extension)) return readCsv(file);
  if (EXCEL_EXTENSIONS.includes(extension)) return readExcel(file);
  throw new DatasetError(file, `"${extension}" is no format that is read`, 'Save it as .csv or .xlsx.');
}
