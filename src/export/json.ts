/** Rows as JSON: one array, or one object a line. Indicators are lists, not text; NULL is null. Pure. */
import { EXPORT_COLUMNS, type ExportColumn, type ExportRow } from './columns';

/** An array with an object on each line, in pieces. */
export function* jsonChunks(
  rows: Iterable<ExportRow>,
  columns: readonly ExportColumn[] = EXPORT_COLUMNS,
): Iterable<string> {
  let separator = '[\n';
  for (const row of rows) {
    yield `${separator}${objectOf(row, columns)}`;
    separator = ',\n';
  }
  yield separator === '[\n' ? '[]\n' : '\n]\n';
}

/** One object a line, in pieces. */
export function* jsonlChunks(
  rows: Iterable<ExportRow>,
  columns: readonly ExportColumn[] = EXPORT_COLUMNS,
): Iterable<string> {
  for (const row of rows) yield `${objectOf(row, columns)}\n`;
}

function objectOf(row: ExportRow, columns: readonly ExportColumn[]): string {
  const cells = Object.fromEntries(columns.map((column) => [column, row[column]]));
  return JSON.stringify({ ...cells, indicators: listOf(row.indicators) });
}

/** What is no JSON, in a row of an older program, stays text. */
function listOf(indicators: ExportRow['indicators']): unknown {
  if (typeof indicators !== 'string') return indicators;
  try {
    return JSON.parse(indicators) as unknown;
  } catch {
    return indicators;
  }
}
