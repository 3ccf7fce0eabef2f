/**
 * Reads a data file: bytes to rows (by the kind of file), rows to narratives (by the names of the columns). The file
 * is read once, so the checksums belong to the very bytes that the narratives come from.
 */
import { DatasetError } from '../errors';
import { checksumsOfChunks, type FileChecksums } from './checksums';
import { collectNarratives } from './collect-narratives';
import { reportFindings, type LoadReport } from './load-report';
import { readBytes, readTable } from './read-table';
import { recognizeColumns } from './recognize-columns';
import { textsSha256, type SourceNarrative } from './source-narrative';

export { checksumsOf, type FileChecksums } from './checksums';
export type { LoadReport } from './load-report';
export { textsSha256, type SourceNarrative } from './source-narrative';

/** A data file as read. */
export interface SourceDataset {
  /** The path as it was given. */
  file: string;
  checksums: FileChecksums;
  /** Identifies the dataset; see textsSha256. */
  textsSha256: string;
  /** In the order of the rows of the file; never empty. */
  narratives: SourceNarrative[];
  report: LoadReport;
}

/** Throws DatasetError when the file is missing, damaged, not recognised or without a usable narrative. */
export function readDataset(file: string): SourceDataset {
  const bytes = readBytes(file);
  const table = readTable(file, bytes);
  const columns = recognizeColumns(file, table.header ?? []);
  const { narratives, findings } = collectNarratives(table, columns);
  const report = reportFindings(table, columns, findings, narratives.length);
  if (narratives.length === 0) throw withoutNarratives(file, report);
  return {
    file,
    checksums: checksumsOfChunks([bytes]),
    textsSha256: textsSha256(narratives),
    narratives,
    report,
  };
}

function withoutNarratives(file: string, report: LoadReport): DatasetError {
  return new DatasetError(
    file,
    `it has no usable narrative (${report.nRows} rows, ${report.nBlank} blank narratives, ` +
      `${report.nWithoutId} rows without a usable id)`,
    'Check that the texts stand in the narrative columns and every row has an id.',
  );
}
