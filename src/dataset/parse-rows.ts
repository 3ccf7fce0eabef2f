/** Parses whole rows of delimited text into cells. */
import { CsvError, parse } from 'csv-parse/sync';

/** The rows of a piece up to the first mistake. */
export interface ParsedRows {
  rows: string[][];
  /** Code of the mistake in the row after those; null = there is none. */
  mistake: string | null;
}

/** Takes all rows apart. Never throws for text that is no table. */
export function parseRows(bytes: Buffer, delimiter: string): ParsedRows {
  const rows: string[][] = [];
  const keep = (row: string[]): null => {
    rows.push(row);
    return null;
  };
  try {
    parse(bytes, { ...parserOptions(delimiter), on_record: keep });
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
