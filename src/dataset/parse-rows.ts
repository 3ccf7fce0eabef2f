/**
 * Parses whole rows of delimited text into cells. Rows that are written plainly, which are nearly all, are taken apart
 * here, ten times as fast; from the first other one on the parser of the library decides, what is a mistake too.
 */
import { CsvError, parse } from 'csv-parse/sync';

const QUOTE = 0x22;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** The rows of a piece up to the first mistake. */
export interface ParsedRows {
  rows: string[][];
  /** Code of the mistake in the row after those; null = there is none. */
  mistake: string | null;
}

/** Takes all rows apart. Never throws for text that is no table. */
export function parseRows(bytes: Buffer, delimiter: string): ParsedRows {
  const rows: string[][] = [];
  const end = splitPlainRows(bytes, delimiter.charCodeAt(0), rows);
  if (end === bytes.length) return { rows, mistake: null };
  const keep = (row: string[]): null => {
    rows.push(row);
    return null;
  };
  try {
    parse(bytes.subarray(end), { ...parserOptions(delimiter), on_record: keep });
    return { rows, mistake: null };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    // Neither its message nor the error itself may travel: they hold cells.
    return { rows, mistake: error.code };
  }
}

/** Rows of any length are let through, so that blank ones can be told from broken ones. */
export function parserOptions(delimiter: string) {
  return {
    delimiter,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    trim: true,
  };
}

/**
 * Plain = each cell either has no quote, or begins with one and ends with one, with those inside doubled. Gives where
 * the first row begins that is not. Each cell is a string of its own: a slice would keep the whole piece in memory.
 */
function splitPlainRows(bytes: Buffer, delimiter: number, rows: string[][]): number {
  let rowStart = 0;
  while (rowStart < bytes.length) {
    const row: string[] = [];
    let at = rowStart - 1;
    do {
      at = readCell(bytes, at + 1, delimiter, row);
      if (at < 0) return rowStart;
    } while (bytes[at] === delimiter);
    rows.push(row);
    rowStart = at + (bytes[at] === CARRIAGE_RETURN && bytes[at + 1] === LINE_FEED ? 2 : 1);
  }
  return bytes.length;
}

/** Adds the cell that begins here; gives where it ends, or -1 when it is not plain. */
function readCell(bytes: Buffer, start: number, delimiter: number, row: string[]): number {
  if (bytes[start] === QUOTE) return readQuotedCell(bytes, start + 1, delimiter, row);
  let at = start;
  while (!endsCell(bytes[at], delimiter)) {
    if (bytes[at] === QUOTE) return -1;
    at += 1;
  }
  row.push(bytes.toString('utf8', start, at).trim());
  return at;
}

function readQuotedCell(bytes: Buffer, start: number, delimiter: number, row: string[]): number {
  let hasQuotes = false;
  let at = bytes.indexOf(QUOTE, start);
  while (at >= 0 && bytes[at + 1] === QUOTE) {
    hasQuotes = true;
    at = bytes.indexOf(QUOTE, at + 2);
  }
  if (at < 0 || !endsCell(bytes[at + 1], delimiter)) return -1;
  const cell = bytes.toString('utf8', start, at);
  row.push(hasQuotes ? cell.replaceAll('""', '"') : cell);
  return at + 1;
}

/** undefined = the end of the text. */
function endsCell(byte: number | undefined, delimiter: number): boolean {
  return byte === undefined || byte === delimiter || byte === LINE_FEED || byte === CARRIAGE_RETURN;
}
