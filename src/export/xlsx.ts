/** Rows as an Excel workbook; refuses what Excel would cut. */
import { createRequire } from 'node:module';
import type * as XLSX from 'xlsx';
import { ExportError } from './export-error';
import { EXPORT_COLUMNS, cellsOf, type ExportColumn, type ExportRow } from './columns';

/** The library makes a workbook in memory, about 5 KB for each result; a sheet of Excel would hold five times as many. */
const MAX_ROWS = 200_000;
const MAX_CELL_CHARACTERS = 32_767;

/** The bytes of the workbook. Throws ExportError for more rows than are written, and for a text that a cell would cut. */
export function xlsxBytes(
  file: string,
  rows: Iterable<ExportRow>,
  columns: readonly ExportColumn[] = EXPORT_COLUMNS,
): Buffer {
  // Loaded only here: it takes longer to load than most commands take altogether.
  const library = createRequire(__filename)('xlsx') as typeof XLSX;
  const table: unknown[][] = [[...columns]];
  for (const row of rows) {
    assertFits(file, row, table.length);
    table.push(cellsOf(row, columns));
  }
  const book = library.utils.book_new();
  library.utils.book_append_sheet(book, library.utils.aoa_to_sheet(table, { dense: true }), 'results');
  return library.write(book, {
    type: 'buffer',
    bookType: 'xlsx',
    bookSST: true,
    compression: true,
  }) as Buffer;
}

function assertFits(file: string, row: ExportRow, index: number): void {
  const remedy = 'Export as csv or jsonl instead.';
  if (index > MAX_ROWS)
    throw new ExportError(file, `a workbook is written with no more than ${MAX_ROWS} results`, remedy);
  for (const column of EXPORT_COLUMNS) {
    const value = row[column];
    if (typeof value !== 'string' || value.length <= MAX_CELL_CHARACTERS) continue;
    throw new ExportError(
      file,
      `${column} of result ${String(row.row_num ?? index)} has ${value.length} characters, ` +
        `and a cell of Excel holds ${MAX_CELL_CHARACTERS}`,
      remedy,
    );
  }
}
