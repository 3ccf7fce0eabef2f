/**
 * Reads comma, semicolon or tab separated text into rows of texts, without guessing at types. No more than a few chunks
 * of the file are in memory: each walk over the rows reads it anew, and at its end proves that it is still the same.
 */
import { DatasetError } from '../errors';
import { RunningChecksums, verifiedChunks, type FileChecksums } from './checksums';
import { cutRows, MAX_ROW_BYTES } from './cut-rows';
import { decodeChunks, type TextEncoding } from './decode-chunks';
import { detectDelimiter } from './detect-delimiter';
import { detectEncoding } from './detect-encoding';
import { parseRows } from './parse-rows';
import { chunksOf } from './read-chunks';
import { headerOf, isBlankRow, type SourceRow, type SourceTable } from './source-table';

const QUOTING_REMEDY =
  'Put cells that hold the delimiter, a quote or a line break in double quotes, with quotes inside doubled, ' +
  'or save the file as .xlsx.';

/** The code of the parser for a quote without an end. */
const QUOTE_NOT_CLOSED = 'CSV_QUOTE_NOT_CLOSED';

/** How much is read and held at a time. */
export interface CsvBounds {
  /** Three at least, so that the first chunk holds a byte order mark. */
  chunkBytes?: number;
  maxRowBytes?: number;
}

/** Walks throw DatasetError, naming the first row in which quotes or the number of cells do not add up. */
export function readCsv(file: string, bounds: CsvBounds = {}): SourceTable {
  const text = new CsvText(file, bounds);
  const header = headerOf(text.rows());
  const { checksums, encoding } = text;
  return {
    sheet: null,
    header,
    hasReplacements: encoding.hasReplacements,
    notices: encoding.notice === null ? [] : [encoding.notice],
    checksums,
    rows: { [Symbol.iterator]: () => text.rowsBelow(header ?? []) },
  };
}

class CsvText {
  readonly checksums: FileChecksums;
  readonly encoding: TextEncoding;
  private readonly delimiter: string;

  constructor(
    private readonly file: string,
    private readonly bounds: CsvBounds,
  ) {
    const checksums = new RunningChecksums();
    this.encoding = detectEncoding(checksums.through(this.chunks()), () => this.chunks());
    this.checksums = checksums.finish();
    this.delimiter = detectDelimiter(this.text());
  }

  /** All rows that are not blank. */
  *rows(): Generator<SourceRow> {
    let number = 0;
    for (const { bytes, isCut } of cutRows(this.text(), this.bounds.maxRowBytes)) {
      const { rows, mistake } = parseRows(bytes, this.delimiter);
      if (isCut) throw this.withoutEnd(number + 1, mistake);
      for (const cells of rows) {
        number += 1;
        if (!isBlankRow(cells)) yield { number, cells };
      }
      if (mistake !== null) throw this.misquoted(number + 1, mistake);
    }
  }

  *rowsBelow(header: readonly string[]): Generator<SourceRow> {
    let isHeader = true;
    for (const row of this.rows()) {
      const { number, cells } = row;
      if (cells.length !== header.length) {
        const sizes = `${cells.length} cells where the header has ${header.length}`;
        throw new DatasetError(this.file, `row ${number} has ${sizes}`, QUOTING_REMEDY);
      }
      if (!isHeader) yield row;
      isHeader = false;
    }
  }

  private text(): Generator<Buffer> {
    const { sha256 } = this.checksums;
    return decodeChunks(
      verifiedChunks(this.chunks(), sha256, () => this.failAsChanged()),
      this.encoding,
    );
  }

  private chunks(): Generator<Buffer> {
    return chunksOf(this.file, this.bounds.chunkBytes);
  }

  private failAsChanged(): never {
    throw new DatasetError(
      this.file,
      'it was changed while it was read',
      'Start again when nobody writes to it any more.',
    );
  }

  private misquoted(row: number, code: string, alternative = ''): DatasetError {
    return new DatasetError(
      this.file,
      `the quotes in row ${row} do not add up (${code})${alternative}`,
      QUOTING_REMEDY,
    );
  }

  private withoutEnd(row: number, mistake: string | null): DatasetError {
    const size = `longer than ${(this.bounds.maxRowBytes ?? MAX_ROW_BYTES) / 2 ** 20} MiB`;
    if (mistake === null) return new DatasetError(this.file, `row ${row} is ${size}`, QUOTING_REMEDY);
    return this.misquoted(row, mistake, mistake === QUOTE_NOT_CLOSED ? `, or it is ${size}` : '');
  }
}
