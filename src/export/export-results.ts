/** Writes results to a file in one of the known formats. */
import { ASK_ONCE_COLUMNS, EXPORT_COLUMNS, type ExportRow } from './columns';
import { csvChunks } from './csv';
import { jsonChunks, jsonlChunks } from './json';
import { writeInParts } from './write-whole-file';
import { xlsxBytes } from './xlsx';

export const EXPORT_FORMATS = ['csv', 'json', 'jsonl', 'xlsx'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** What to write where. */
export interface ExportRequest {
  format: ExportFormat;
  /** Absolute path. */
  file: string;
  /** true = texts in CSV stay as they are, even where a spreadsheet would take them for formulas. */
  isRaw: boolean;
  /** true = a further column tells of which row the answer is. */
  asksOnce: boolean;
}

/** Writes the rows; gives their number. Throws ExportError. */
export function exportResults(rows: Iterable<ExportRow>, request: ExportRequest): number {
  const parts = exportInParts(rows, request);
  for (;;) {
    const { done, value } = parts.next();
    if (done === true) return value;
  }
}

/** The same, some rows with each step; given up before its end, it leaves nothing behind. */
export function* exportInParts(rows: Iterable<ExportRow>, request: ExportRequest): Generator<void, number> {
  const counted = new CountedRows(rows);
  yield* writeInParts(request.file, chunksOf(counted, request));
  return counted.count;
}

function chunksOf(
  rows: Iterable<ExportRow>,
  { format, file, isRaw, asksOnce }: ExportRequest,
): Iterable<string | Buffer> {
  const columns = asksOnce ? ASK_ONCE_COLUMNS : EXPORT_COLUMNS;
  switch (format) {
    case 'csv':
      return csvChunks(rows, !isRaw, columns);
    case 'json':
      return jsonChunks(rows, columns);
    case 'jsonl':
      return jsonlChunks(rows, columns);
    case 'xlsx':
      return [xlsxBytes(file, rows, columns)];
  }
}

class CountedRows {
  count = 0;

  constructor(private readonly rows: Iterable<ExportRow>) {}

  *[Symbol.iterator](): Iterator<ExportRow> {
    for (const row of this.rows) {
      this.count += 1;
      yield row;
    }
  }
}
