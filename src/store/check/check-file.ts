/** Checks a results file as it is at one moment, also while an experiment runs; changes nothing. */
import { existsSync, statSync } from 'node:fs';
import { withResultsFileErrors } from '../file-errors';
import { describeFileRisks } from '../file-risks';
import { APPLICATION_ID, MIGRATIONS } from '../migrations';
import { openForReading } from '../open-database';
import type { ResultsDatabase } from '../results-database';
import { CONTENT_CHECKS, type ContentCheck } from './content-checks';

/** One thing that was looked at; a problem is something that must not be, a warning something to beware of. */
export interface CheckResult {
  check: string;
  level: 'ok' | 'warning' | 'problem';
  /** Sentences; empty where all is well. */
  findings: string[];
}

const WAL_WARNING_BYTES = 256 * 1024 * 1024;
const FINDINGS_SHOWN = 20;

/** All checks; null = there is no file. Throws ResultsFileError. */
export function checkFile(file: string): CheckResult[] | null {
  return withResultsFileErrors(file, () => {
    const database = openForReading(file);
    if (database === null) return null;
    try {
      const pages = checkPages(database);
      const areWhole = pages.every(({ level }) => level === 'ok');
      return [
        ...pages,
        ...(areWhole ? database.transaction(() => checkContent(database))() : []),
        check('pragmas', 'problem', wrongPragmas(database)),
        check('write-ahead log', 'warning', largeWal(file)),
        check('permissions and file system', 'warning', describeFileRisks(file)),
      ];
    } finally {
      database.close();
    }
  });
}

function checkPages(database: ResultsDatabase): CheckResult[] {
  return [
    check('quick check', 'problem', integrity(database, 'quick_check')),
    check('full check', 'problem', integrity(database, 'integrity_check')),
  ];
}

/** In one transaction, so that counters and rows are of the same moment. */
function checkContent(database: ResultsDatabase): CheckResult[] {
  return [
    check('foreign keys', 'problem', brokenKeys(database)),
    ...CONTENT_CHECKS.map((each) => check(each.check, 'problem', findingsOf(database, each))),
  ];
}

function check(name: string, level: 'warning' | 'problem', findings: string[]): CheckResult {
  return { check: name, level: findings.length === 0 ? 'ok' : level, findings };
}

function integrity(database: ResultsDatabase, pragma: 'quick_check' | 'integrity_check'): string[] {
  try {
    const rows = database.pragma(`${pragma}(${FINDINGS_SHOWN})`) as Record<string, string>[];
    return rows.map((row) => row[pragma]!).filter((line) => line !== 'ok');
  } catch (error) {
    const { code = '' } = error as { code?: string };
    if (code.startsWith('SQLITE_CORRUPT')) return [code];
    throw error;
  }
}

function brokenKeys(database: ResultsDatabase): string[] {
  const rows = database
    .prepare('SELECT "table", parent, count(*) AS n FROM pragma_foreign_key_check GROUP BY 1, 2')
    .all() as { table: string; parent: string; n: number }[];
  return rows.map(({ table, parent, n }) => `${n} rows of ${table} refer to ${parent} that are not there`);
}

function findingsOf(database: ResultsDatabase, { sql }: ContentCheck): string[] {
  return (database.prepare(sql).pluck().all() as string[]).slice(0, FINDINGS_SHOWN);
}

function wrongPragmas(database: ResultsDatabase): string[] {
  const wanted = { journal_mode: 'wal', application_id: APPLICATION_ID, user_version: MIGRATIONS.length };
  return Object.entries(wanted).flatMap(([pragma, value]) => {
    const found = database.pragma(pragma, { simple: true });
    return found === value ? [] : [`${pragma} is ${String(found)}, not ${value}`];
  });
}

function largeWal(file: string): string[] {
  const wal = `${file}-wal`;
  const bytes = existsSync(wal) ? statSync(wal).size : 0;
  return bytes <= WAL_WARNING_BYTES
    ? []
    : [`${wal} has ${bytes} bytes: a program keeps an old state of the file open. Close other readers of it`];
}
