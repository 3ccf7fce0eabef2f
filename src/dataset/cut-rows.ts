/**
 * Cuts delimited text into pieces of whole rows. A line break ends a row where the quotes before it are even in number,
 * which holds up to the first mistake in the quotes; what a mistake does to later cuts does not matter.
 */

const QUOTE = 0x22;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** A quote that is never closed makes one row of the rest of the file: it is not held beyond this. */
export const MAX_ROW_BYTES = 64 * 2 ** 20;

/** Whole rows; good only until the next piece is asked for. */
export interface RowPiece {
  bytes: Buffer;
  /** true = the beginning of one row that is longer than the bound; nothing follows. */
  isCut: boolean;
}

/** The pieces of a text that comes in chunks. */
export function* cutRows(chunks: Iterable<Buffer>, maxRowBytes: number = MAX_ROW_BYTES): Generator<RowPiece> {
  const cutter = new RowCutter();
  for (const chunk of chunks) {
    cutter.add(chunk);
    if (cutter.end > 0) {
      yield { bytes: cutter.wholeRows(), isCut: false };
      cutter.drop();
    } else if (cutter.length > maxRowBytes) {
      yield { bytes: cutter.all(), isCut: true };
      return;
    }
  }
  if (cutter.length > 0) yield { bytes: cutter.all(), isCut: false };
}

class RowCutter {
  /** Where the last whole row ends; 0 = none is whole. */
  end = 0;
  length = 0;
  private held = Buffer.alloc(0);
  private scanned = 0;
  private isQuoted = false;

  add(chunk: Buffer): void {
    this.makeRoom(chunk.length);
    this.length += chunk.copy(this.held, this.length);
    const bytes = this.all();
    while (this.scanned < this.length) {
      const quote = bytes.indexOf(QUOTE, this.scanned);
      const stop = quote < 0 ? this.length : quote;
      if (!this.isQuoted) this.findEnd(stop);
      if (quote >= 0) this.isQuoted = !this.isQuoted;
      this.scanned = quote < 0 ? stop : quote + 1;
    }
    // A line feed may follow, which belongs to the same line break: it is looked at again with the next chunk.
    if (bytes[this.length - 1] === CARRIAGE_RETURN) this.scanned -= 1;
  }

  all(): Buffer {
    return this.held.subarray(0, this.length);
  }

  wholeRows(): Buffer {
    return this.held.subarray(0, this.end);
  }

  drop(): void {
    this.held.copyWithin(0, this.end, this.length);
    this.length -= this.end;
    this.scanned -= this.end;
    this.end = 0;
  }

  /** Looks for the last line break between what was scanned and `stop`, where no quote is. */
  private findEnd(stop: number): void {
    const isLast = stop === this.length && this.held[stop - 1] === CARRIAGE_RETURN;
    for (let at = isLast ? stop - 2 : stop - 1; at >= this.scanned; at--) {
      if (this.held[at] !== LINE_FEED && this.held[at] !== CARRIAGE_RETURN) continue;
      this.end = at + 1;
      return;
    }
  }

  private makeRoom(nBytes: number): void {
    if (this.length + nBytes <= this.held.length) return;
    const larger = Buffer.allocUnsafe(Math.max(2 * this.held.length, this.length + nBytes));
    this.held.copy(larger, 0, 0, this.length);
    this.held = larger;
  }
}
