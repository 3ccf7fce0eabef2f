/** The invariants that hold at the end of an experiment, beside those of any moment. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { query } from '../helpers/client-process';
import type { StoredRow } from './check-file';
import { wait } from './faults';
import type { Stage } from './stage';

const ENDS_WITHIN_MS = 10_000;

/** What is wrong at the end; empty = nothing. */
export async function checkEnd(stage: Stage, rows: readonly StoredRow[]): Promise<string[]> {
  const violations: string[] = [];
  const missing = stage.nNarratives - new Set(rows.map((row) => row.incident_id)).size;
  if (missing !== 0) violations.push(`I1: ${missing} narratives have no result`);
  const errors = rows.filter((row) => row.error_occurred === 1).length;
  if (errors > 0) violations.push(`I1: ${errors} narratives have an error although the model answers all`);
  checkSource(stage, violations);
  checkStatus(stage, violations);
  await checkExports(stage, rows, violations);
  const isQuiet = await wait(
    ENDS_WITHIN_MS,
    () => Object.values(stage.temporalProcesses()).flat().length === 0,
  );
  if (!isQuiet) violations.push('a Temporal server or its guard is left running');
  return violations;
}

function checkSource({ db, folder }: Stage, violations: string[]): void {
  const sha256 = createHash('sha256')
    .update(readFileSync(join(folder, 'data.csv')))
    .digest('hex');
  const stored = query<{ file_sha256: string }>(db, 'SELECT file_sha256 FROM datasets');
  if (stored.length !== 1 || stored[0]!.file_sha256 !== sha256)
    violations.push('I8: the checksum of the data file differs');
}

function checkStatus({ db }: Stage, violations: string[]): void {
  const experiments = query<{ status: string }>(db, 'SELECT status FROM experiments');
  if (experiments.length !== 1 || experiments[0]!.status !== 'completed')
    violations.push(`I11: the experiments are ${JSON.stringify(experiments)}`);
  const kinds = query<{ kind: string }>(db, 'SELECT kind FROM experiment_events ORDER BY event_id').map(
    ({ kind }) => kind,
  );
  const ends = kinds.filter((kind) => ['completed', 'failed', 'cancelled'].includes(kind));
  const retries = kinds.filter((kind) => kind === 'retry_requested').length;
  if (
    ends.length !== 1 + retries ||
    ends.some((kind) => kind !== 'completed') ||
    kinds.at(-1) !== 'completed'
  )
    violations.push(`I11: it ended more than once, or not well: ${kinds.join(' ')}`);
}

async function checkExports(stage: Stage, rows: readonly StoredRow[], violations: string[]): Promise<void> {
  const labels = new Map(rows.map((row) => [row.incident_id, row.detected]));
  for (const format of ['csv', 'json']) {
    const file = `out.${format}`;
    const { code, stderr } = await stage.command(['export', '--format', format, '--out', file]);
    if (code !== 0) {
      violations.push(`I12: export ended with ${code}: ${stderr.slice(-300)}`);
      continue;
    }
    const text = readFileSync(join(stage.folder, file), 'utf8');
    const exported = (
      format === 'csv' ? parse(text, { columns: true, bom: true }) : JSON.parse(text)
    ) as Exported[];
    const isSame =
      exported.length === rows.length &&
      exported.every(({ incident_id: id, detected }) => isLabel(detected, labels.get(String(id))));
    if (!isSame)
      violations.push(`I12: ${format} and results file differ (${exported.length} and ${rows.length} rows)`);
  }
}

interface Exported {
  incident_id: string;
  detected: unknown;
}

function isLabel(exported: unknown, stored: number | null | undefined): boolean {
  return ['1', 'true'].includes(String(exported).toLowerCase()) === (stored === 1);
}
