/** Reads comma, semicolon or tab separated text into rows of texts, without guessing at types. */
import { CsvError, parse } from 'csv-parse/sync';
import { DatasetError } from '../errors';
import { isBlankCell, tableOf, type SourceTable } from './source-table';
import { toUtf8 } from './to-utf8';

const DELIMITERS = [',', ';', '\t'] as const;

/** Bytes within which the header must end for its delimiter to be found. */
const HEADER_BYTES = 1 << 16;

const QUOTING_REMEDY =
  'Put cells that hold the delimiter, a quote or a line break in double quotes, with quotes inside doubled, ' +
  'or save the file as .xlsx.';

/** Throws DatasetError, naming the row, when quotes or the number of cells do not add up. */
export function readCsv(file: string, bytes: Buffer): SourceTable {
  const text = decode(file, bytes);
  const records = parseRecords(file, text.bytes, detectDelimiter(text.bytes));
  const rows = records.map((cells, index) => ({ number: index + 1, cells }));
  const notices = text.notice === null ? [] : [text.notice];
  const table = tableOf(rows, { sheet: null, hasReplacements: text.hasReplacements, notices });
  for (const row of table.rows) {
    if (row.cells.length !== table.header?.length) {
      throw new DatasetError(
        file,
        `row ${row.number} has ${row.cells.length} cells where the header has ${table.header?.length}`,
        QUOTING_REMEDY,
      );
    }
  }
  return table;
}

function decode(file: string, bytes: Buffer): ReturnType<typeof toUtf8> {
  try {
    return toUtf8(bytes);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STRING_TOO_LONG') throw error;
    throw new DatasetError(file, 'it is not UTF-8 and too large to be converted', 'Save it as UTF-8.');
  }
}

/** The delimiter that splits the header into the most cells; the comma where none does. */
function detectDelimiter(bytes: Buffer): string {
  const start = bytes.subarray(0, HEADER_BYTES);
  const counts = DELIMITERS.map((delimiter) => countHeaderCells(start, delimiter));
  return DELIMITERS[counts.indexOf(Math.max(...counts))]!;
}

function countHeaderCells(start: Buffer, delimiter: string): number {
  try {
    const [header = []] = parse(start, {
      ...parserOptions(delimiter),
      skip_records_with_empty_values: true,
      to: 1,
    });
    return header.filter((cell) => !isBlankCell(cell)).length;
  } catch {
    return 0;
  }
}

function parseRecords(file: string, bytes: Buffer, delimiter: string): string[][] {
  try {
    return parse(bytes, parserOptions(delimiter));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    // Neither its message nor the error itself may travel: they hold cells.
    const row = Number(error.records) + 1;
    throw new DatasetError(file, `the quotes in row ${row} do not add up (${error.code})`, QUOTING_REMEDY);
  }
}

/** Rows of any length are let through, so that blank ones can be told from broken ones. */
function parserOptions(delimiter: string) {
  return {
    delimiter,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    trim: true,
  };
}
