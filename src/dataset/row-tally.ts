/** Rows with something worth a notice: all are counted, the first few kept. */

const MAX_ROWS_SHOWN = 10;

export class RowTally {
  /** How often a row was noted; one with several such cells counts several times. */
  nNoted = 0;
  private nRows = 0;
  private last = 0;
  private readonly first: number[] = [];

  /** Notes a row by its number; rows come in their order. */
  add(row: number): void {
    this.nNoted += 1;
    if (row === this.last) return;
    this.last = row;
    this.nRows += 1;
    if (this.first.length < MAX_ROWS_SHOWN) this.first.push(row);
  }

  /** Such as `rows 2, 3 and 5 more`. */
  describe(): string {
    const left = this.nRows - this.first.length;
    return `${this.nRows === 1 ? 'row' : 'rows'} ${this.first.join(', ')}${left > 0 ? ` and ${left} more` : ''}`;
  }
}
