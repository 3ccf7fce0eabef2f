/** Upgrading in tests as the commands do it. */
import Database from 'better-sqlite3';
import { runProgram } from '../../../src/commands/program';

/** What a command of the program said, and its exit code. */
export interface ProgramRun {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a command of the program on a results file, in this process. */
export async function run(file: string, ...argv: string[]): Promise<ProgramRun> {
  let [stdout, stderr] = ['', ''];
  const code = await runProgram([...argv, '--db', file], {
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    environment: {},
    workingDirectory: process.cwd(),
  });
  return { code, stdout, stderr };
}

/** Rows of a query. */
export function rows<T = Record<string, unknown>>(file: string, sql: string): T[] {
  const database = new Database(file, { readonly: true });
  try {
    return database.prepare(sql).all() as T[];
  } finally {
    database.close();
  }
}

/** The first column of a query. */
export function values(file: string, sql: string): unknown[] {
  return rows(file, sql).map((row) => Object.values(row)[0]);
}
