/** The built client as a process of its own, measured from outside: wall time, memory over time, processor time. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { quantile } from '../drills/quantile';

const CLIENT = join(__dirname, '../../dist/client.js');
/** How often memory is looked at. */
export const LOOK_EVERY_MS = 200;
/** Clock ticks of /proc a second. */
const TICKS_PER_SECOND = 100;

/** What was seen of a process of the client; memory and processor time are null where there is no /proc. */
export interface ClientRun {
  code: number | null;
  stdout: string;
  stderr: string;
  wallMs: number;
  /** Resident memory in MiB, every 200 ms. */
  memoryMiB: number[];
  cpuSeconds: number | null;
}

/** What happens beside a client, which may end in its being killed, and what is added to its environment. */
interface Beside {
  during?: (pid: number) => Promise<void>;
  env?: Readonly<Record<string, string>>;
}

/** Runs it to its end. */
export async function runMeasured(
  args: readonly string[],
  cwd: string,
  { during = () => Promise.resolve(), env = {} }: Beside = {},
): Promise<ClientRun> {
  const startedMs = performance.now();
  const child = spawn(process.execPath, [CLIENT, ...args], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const run: ClientRun = { code: null, stdout: '', stderr: '', wallMs: 0, memoryMiB: [], cpuSeconds: null };
  child.stdout.on('data', (chunk: Buffer) => (run.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (run.stderr += chunk.toString()));
  const looking = setInterval(() => look(child.pid!, run), LOOK_EVERY_MS);
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  // What waits for the client to get somewhere waits in vain once that has ended.
  await Promise.race([during(child.pid!), ended]);
  run.code = await ended;
  clearInterval(looking);
  run.wallMs = performance.now() - startedMs;
  return run;
}

/** Runs it and throws when it does not end with 0. */
export async function runToEnd(args: readonly string[], cwd: string): Promise<ClientRun> {
  const run = await runMeasured(args, cwd);
  if (run.code !== 0) throw new Error(`client ${args.join(' ')} ended with ${run.code}: ${run.stderr}`);
  return run;
}

function look(pid: number, run: ClientRun): void {
  try {
    const resident = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
    if (resident !== undefined) run.memoryMiB.push(Number(resident) / 1024);
    run.cpuSeconds = (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  } catch {
    // it has ended, or this system has no /proc
  }
}

/** The most of all values; 0 where there is none. */
export function peakOf(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value), 0);
}

/** The median of the last quarter as a multiple of that of the second one: 1 = it does not grow. */
export function growthOf(memoryMiB: readonly number[]): number {
  const quarter = Math.floor(memoryMiB.length / 4);
  return quantile(memoryMiB.slice(-quarter), 0.5) / quantile(memoryMiB.slice(quarter, 2 * quarter), 0.5);
}
