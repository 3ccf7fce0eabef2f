/** The real client as a process of its own, and folders for it to work in. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { SYNTHETIC_NARRATIVE } from '../../src/llm/synthetic-narrative';
import type { ModelServer } from '../../src/simulator/model-server';
import { digestOf } from '../../src/simulator/simulated-answer';

const CLIENT = join(__dirname, '../../dist/client.js');

/** A client that runs, and all that it has printed so far. */
export interface ClientProcess {
  child: ChildProcess;
  stdout: () => string;
  stderr: () => string;
  /** Exit code, or the signal that ended it. */
  ended: Promise<number | string>;
}

/** Starts `client` with these arguments in its own process group. */
export function startClient(
  args: readonly string[],
  options: { cwd: string; env?: Record<string, string> },
): ClientProcess {
  const child = spawn(process.execPath, [CLIENT, ...args], {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = new Promise<number | string>((resolve) => {
    child.once('close', (code, signal) => resolve(code ?? signal ?? 'unknown'));
  });
  return { child, stdout: () => stdout, stderr: () => stderr, ended };
}

/** Runs `client` to its end. */
export async function runClient(
  args: readonly string[],
  options: { cwd: string; env?: Record<string, string> },
): Promise<{ code: number | string; stdout: string; stderr: string }> {
  const client = startClient(args, options);
  const code = await client.ended;
  return { code, stdout: client.stdout(), stderr: client.stderr() };
}

/** Runs `work` in a folder of its own and removes the folder. */
export async function inFolder<T>(work: (folder: string) => Promise<T> | T): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'longhaul-test-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  }
}

/** What a study in a folder is made of. */
export interface StudyOptions {
  apiUrl: string;
  /** Further servers of the same model. */
  furtherUrls?: readonly string[];
  nNarratives: number;
  concurrency?: number | 'auto';
  marker?: string;
  apiKeyEnv?: string;
  timeoutSec?: number;
  name?: string;
  /** Different texts; from there on they come again, in the same order. @default all */
  nTexts?: number;
  askOnce?: boolean;
  /** Whether CSV and JSON are written at the end. */
  savesCsvJson?: boolean;
}

/** Text of the i-th made-up narrative; every third holds a cue that the simulated model detects. */
export function narrativeText(index: number, marker = ''): string {
  const cue = index % 3 === 0 ? 'Her ex-boyfriend had threatened her and hit her before.' : 'He lived alone.';
  return `${marker} Case ${index}: the decedent was found at home. ${cue}`.trim();
}

/** The user message that the study's template makes of a text. */
export function userMessage(text: string, marker = ''): string {
  return `${marker} Narrative:\n${text}`.trim();
}

/** By which a call log names the preflight's question, in a study without a marker. */
export const SYNTHETIC_DIGEST = digestOf(userMessage(SYNTHETIC_NARRATIVE));

/** Calls about narratives of a study without a marker; the preflight's are about its synthetic one. */
export function callsAboutNarratives(server: ModelServer): number {
  return server.calls().filter(({ event, digest }) => event === 'start' && digest !== SYNTHETIC_DIGEST)
    .length;
}

/** Writes study.yaml and data.csv (long format) into a folder. */
export function writeStudy(folder: string, options: StudyOptions): void {
  const {
    apiUrl,
    furtherUrls = [],
    nNarratives,
    concurrency = 8,
    marker = '',
    apiKeyEnv,
    timeoutSec = 20,
    name = 'crash study',
    nTexts = nNarratives,
    askOnce,
    savesCsvJson = false,
  } = options;
  const rows = Array.from(
    { length: nNarratives },
    (_, index) => `${index},cme,"${narrativeText(index % nTexts, marker)}",${index % 3 === 0 ? 1 : 0}`,
  );
  writeFileSync(
    join(folder, 'data.csv'),
    ['incident_id,narrative_type,narrative_text,manual_flag_ind', ...rows].join('\n'),
  );
  const keyLine = apiKeyEnv === undefined ? '' : `  api_key_env: ${apiKeyEnv}\n`;
  writeFileSync(
    join(folder, 'study.yaml'),
    `experiment: {name: ${name}}
model:
  name: simulated-model
  ${furtherUrls.length === 0 ? `api_url: ${apiUrl}` : `endpoints: ${JSON.stringify([apiUrl, ...furtherUrls])}`}
  temperature: 0.0
  timeout_sec: ${timeoutSec}
${keyLine}prompt:
  version: v1
  system_prompt: "${marker} Answer with a JSON object."
  user_template: "${userMessage('<<TEXT>>', marker).replace('\n', '\\n')}"
data: {file: data.csv}
run: {concurrency: ${concurrency}, save_csv_json: ${savesCsvJson}${askOnce === undefined ? '' : `, ask_once: ${askOnce}`}}
`,
  );
}

/** Waits until the condition holds; throws after the time is up. */
export async function until(condition: () => boolean, timeoutMs: number, what: string): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`waited ${timeoutMs} ms in vain: ${what}`);
    await sleep(20);
  }
}

/** Results of a results file; 0 where it is not there yet. */
export function countResults(db: string): number {
  try {
    return query<{ n: number }>(db, 'SELECT count(*) AS n FROM narrative_results')[0]!.n;
  } catch {
    return 0; // the file or its schema is being made
  }
}

/** Status of the newest experiment; undefined = there is none yet. */
export function statusOf(db: string): { status: string; reason: string | null } | undefined {
  try {
    return query<{ status: string; reason: string | null }>(
      db,
      'SELECT status, status_reason AS reason FROM experiments ORDER BY rowid DESC',
    )[0];
  } catch {
    return undefined;
  }
}

/** Process ids of the embedded Temporal servers and guards of a results file. */
export function serverProcesses(db: string): number[] {
  const listed = spawnSync('ps', ['-axo', 'pid=,args='], { encoding: 'utf8' }).stdout;
  return listed
    .split('\n')
    .filter((line) => line.includes(`${db}.temporal.db `))
    .map((line) => Number(line.trim().split(' ')[0]));
}

/** Rows of a read-only query on a results file. */
export function query<T>(file: string, sql: string): T[] {
  const database = new Database(file, { readonly: true });
  try {
    return database.prepare(sql).all() as T[];
  } finally {
    database.close();
  }
}
