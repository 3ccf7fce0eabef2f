import type Database from 'better-sqlite3';

/** The results file, opened. */
export type ResultsDatabase = Database.Database;
