/** A table of an older file under its working name, and SQL for reading its columns whether it has them or not. */
import type { ResultsDatabase } from '../results-database';

/** The tables that are rebuilt. */
export const REBUILT_TABLES = ['source_narratives', 'experiments', 'narrative_results'] as const;
export type RebuiltTable = (typeof REBUILT_TABLES)[number];

/** Names of a table's columns, in order; empty = there is no such table. */
export function columnsOf(database: ResultsDatabase, table: string): string[] {
  return database.prepare('SELECT name FROM pragma_table_xinfo(?)').pluck().all(table) as string[];
}

/** An identifier as SQL takes it. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** The name under which an older table waits until it is rebuilt. */
export function setAsideName(table: RebuiltTable): string {
  return `older_${table}`;
}

/** Reads the columns of an older table that stands in the query as `alias`; a missing column reads as NULL. */
export class OlderTable {
  readonly columns: readonly string[];

  constructor(
    database: ResultsDatabase,
    table: RebuiltTable,
    private readonly alias = 'o',
  ) {
    this.columns = columnsOf(database, setAsideName(table));
  }

  has(column: string): boolean {
    return this.columns.includes(column);
  }

  /** The value as it is stored. */
  value(column: string): string {
    return this.has(column) ? `${this.alias}.${quoteName(column)}` : 'NULL';
  }

  /** The value as text. */
  text(column: string): string {
    return this.has(column) ? `CAST(${this.value(column)} AS TEXT)` : 'NULL';
  }

  /** The value as a whole number; null where it is none. */
  integer(column: string): string {
    return this.has(column) ? `older_integer(${this.value(column)})` : 'NULL';
  }

  /** The value as a number; null where it is none. */
  real(column: string): string {
    return this.has(column) ? `older_real(${this.value(column)})` : 'NULL';
  }

  /** The value as 0 or 1; null where it is neither yes nor no. */
  flag(column: string): string {
    return this.has(column) ? `older_flag(${this.value(column)})` : 'NULL';
  }
}
