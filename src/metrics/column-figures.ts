/** Detection by columns of the data file that hold neither id nor text, such as year and site. Pure. */
import { GroupFigures, type Group } from './group-figures';

/** Groups by one column. */
export interface ColumnGroups {
  column: string;
  groups: Group[];
}

/** More values than that are no groups but measurements or names. */
export const MOST_GROUPS = 200;
const NO_VALUE = '(none)';
/** Shown without being asked for. */
const USUAL = new Set(['year', 'incidentyear', 'site', 'siteid', 'state']);

export class ColumnFigures {
  private readonly columns = new Map<string, GroupFigures>();
  private readonly crowded = new Set<string>();
  private nBefore = 0;
  private nDetectedBefore = 0;

  /** `asked` are names of columns whatever their case; null = year and site. */
  constructor(private readonly asked: readonly string[] | null) {}

  /** One answer; `attributes` is a JSON object or null. */
  add(attributes: string | null, detected: 0 | 1): void {
    const values = attributes === null ? {} : (JSON.parse(attributes) as Record<string, unknown>);
    for (const column of Object.keys(values)) {
      if (!this.columns.has(column)) this.open(column);
    }
    for (const [column, groups] of this.columns) {
      if (this.crowded.has(column) || !this.isWanted(column)) continue;
      groups.add(nameOf(values[column]), detected);
      if (groups.size > MOST_GROUPS) this.crowded.add(column);
    }
    this.nBefore += 1;
    this.nDetectedBefore += detected;
  }

  /** Groups by each wanted column that is there and has few enough values, in the order asked for. */
  list(): ColumnGroups[] {
    const order = (column: string): number => this.asked?.map(plain).indexOf(plain(column)) ?? 0;
    return [...this.columns]
      .filter(([column]) => this.isWanted(column) && !this.crowded.has(column))
      .sort(([a], [b]) => order(a) - order(b))
      .map(([column, groups]) => ({ column, groups: groups.list() }));
  }

  /** All columns that the data has. */
  names(): string[] {
    return [...this.columns.keys()];
  }

  /** Wanted columns with more values than can be groups. */
  tooMany(): string[] {
    return [...this.crowded];
  }

  /** Rows before the first that has the column have no value in it. */
  private open(column: string): void {
    const groups = new GroupFigures();
    for (let i = 0; i < this.nBefore; i++) groups.add(NO_VALUE, i < this.nDetectedBefore ? 1 : 0);
    this.columns.set(column, groups);
  }

  private isWanted(column: string): boolean {
    const name = plain(column);
    return this.asked === null ? USUAL.has(name) : this.asked.some((asked) => plain(asked) === name);
  }
}

function plain(column: string): string {
  return column.toLowerCase().replaceAll(/[\s_-]/g, '');
}

function nameOf(value: unknown): string {
  if (typeof value === 'string') return value.trim() === '' ? NO_VALUE : value.trim();
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return NO_VALUE;
}
