/**
 * Reads a data file: bytes to rows (by the kind of file), rows to narratives (by the names of the columns). The
 * narratives of a text file are never in memory together: each walk over them reads the file anew, decides the same
 * again, and proves at its end that the bytes were those of the checksums.
 */
import { DatasetError } from '../errors';
import type { FileChecksums } from './checksums';
import { collectNarratives } from './collect-narratives';
import { LoadFindings, reportFindings, type LoadReport } from './load-report';
import { readTable } from './read-table';
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
  /** In the order of the rows of the file. A walk to the end throws DatasetError when the file is another by then. */
  narratives: Iterable<SourceNarrative>;
  /** Never 0. */
  nNarratives: number;
  report: LoadReport;
}

/** Throws DatasetError when the file is missing, damaged, not recognised or without a usable narrative. */
export function readDataset(file: string): SourceDataset {
  const table = readTable(file);
  const columns = recognizeColumns(file, table.header ?? []);
  const findings = new LoadFindings();
  const identity = textsSha256(collectNarratives(table, columns, findings));
  const report = reportFindings(table, columns, findings);
  if (report.nNarratives === 0) throw withoutNarratives(file, report);
  return {
    file,
    checksums: table.checksums,
    textsSha256: identity,
    narratives: { [Symbol.iterator]: () => collectNarratives(table, columns, new LoadFindings()) },
    nNarratives: report.nNarratives,
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
