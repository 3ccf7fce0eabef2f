/** Rows as CSV (RFC 4180) for spreadsheets: UTF-8 with a byte order mark, CRLF, NULL as nothing. Pure. */
import { EXPORT_COLUMNS, cellsOf, type ExportColumn, type ExportRow, type ExportValue } from './columns';

const BYTE_ORDER_MARK = '\ufeff';
/** First characters by which a spreadsheet takes a text for a formula. */
const FORMULA = /^[=+\-@\t\r\0]/;

/** The file in pieces; `isGuarded` puts a `'` before texts that a spreadsheet would take for formulas. */
export function* csvChunks(
  rows: Iterable<ExportRow>,
  isGuarded: boolean,
  columns: readonly ExportColumn[] = EXPORT_COLUMNS,
): Iterable<string> {
  yield `${BYTE_ORDER_MARK}${columns.join(',')}\r\n`;
  for (const row of rows) {
    yield `${cellsOf(row, columns)
      .map((value) => csvCell(value, isGuarded))
      .join(',')}\r\n`;
  }
}

function csvCell(value: ExportValue, isGuarded: boolean): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = isGuarded && FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text;
}
