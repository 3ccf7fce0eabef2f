/** Finds the delimiter of a text by its header. */
import { parse } from 'csv-parse/sync';
import { parserOptions } from './parse-rows';
import { isBlankCell } from './source-table';

const DELIMITERS = [',', ';', '\t'] as const;

/** Bytes within which the header must end for its delimiter to be found. */
const HEADER_BYTES = 1 << 16;

/** The delimiter that splits the header into the most cells; the comma where none does. */
export function detectDelimiter(chunks: Iterable<Buffer>): string {
  const start = gather(chunks, HEADER_BYTES);
  const counts = DELIMITERS.map((delimiter) => countHeaderCells(start, delimiter));
  return DELIMITERS[counts.indexOf(Math.max(...counts))]!;
}

function gather(chunks: Iterable<Buffer>, nBytes: number): Buffer {
  let gathered = Buffer.alloc(0);
  for (const chunk of chunks) {
    gathered = Buffer.concat([gathered, chunk]);
    if (gathered.length >= nBytes) break;
  }
  return gathered.subarray(0, nBytes);
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
