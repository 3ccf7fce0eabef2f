/** Reads CSV, TSV and semicolon files: every cell is text, nothing is guessed. */
import { parse } from 'csv-parse/sync';
import { DatasetError } from '../errors';
import { readSourceFile } from './checksums';
import type { SourceTable } from './read-dataset';

const DELIMITERS = [',', ';', '\t'];

/** Reads the table; the first row is its header. Throws DatasetError that names the row that is wrong. */
export function readCsv(file: string): SourceTable {
  const { text, notices } = decode(readSourceFile(file));
  let records: string[][];
  try {
    records = parse(text, {
      delimiter: delimiterOf(text),
      trim: true,
      relax_quotes: false,
      skip_empty_lines: true,
    });
  } catch (error) {
    const { code, lines } = error as { code?: string; lines?: number };
    throw new DatasetError(
      file,
      `it is not well-formed CSV (${code ?? 'unknown'}${lines === undefined ? '' : ` at line ${lines}`})`,
      'Check quotes and the number of cells there, or save it as .xlsx.',
    );
  }
  const [header = [], ...rows] = records;
  return { header, rows, sheet: null, notices };
}

function decode(bytes: Buffer): { text: string; notices: string[] } {
  if (bytes[0] === 0xff && bytes[1] === 0xfe)
    return { text: new TextDecoder('utf-16le').decode(bytes), notices: [] };
  if (bytes[0] === 0xfe && bytes[1] === 0xff)
    return { text: new TextDecoder('utf-16be').decode(bytes), notices: [] };
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), notices: [] };
  } catch {
    return {
      text: new TextDecoder('windows-1252').decode(bytes),
      notices: ['The file is not UTF-8; it was read as Windows-1252. Look at a few texts with accents.'],
    };
  }
}

/** The delimiter that the header line has most of. */
function delimiterOf(text: string): string {
  const header = text.slice(0, text.search(/\r?\n|$/));
  const counts = DELIMITERS.map((delimiter) => header.split(delimiter).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))]!;
}
