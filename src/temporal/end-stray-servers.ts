/**
 * Ends Temporal servers that were left behind on a results file's database: client and guard may both have been
 * killed. Only for the holder of the owner lock, who knows that no live owner uses them.
 */
import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const GONE_WITHIN_MS = 5000;
const LOOK_EVERY_MS = 20;

/** Kills every server of this database file and waits until they are gone; none is the usual case. */
export async function endStrayServers(databaseFile: string): Promise<void> {
  for (let waitedMs = 0; waitedMs < GONE_WITHIN_MS; waitedMs += LOOK_EVERY_MS) {
    const strays = await findServers(databaseFile);
    if (strays.length === 0) return;
    for (const pid of strays) kill(pid);
    await sleep(LOOK_EVERY_MS);
  }
}

/** Nothing is found where `ps` is missing (Windows): a stray then costs a slower start, never data. */
async function findServers(databaseFile: string): Promise<number[]> {
  const listed = await promisify(execFile)('ps', ['-axo', 'pid=,stat=,args='], {
    maxBuffer: 64 * 1024 * 1024,
  }).catch(() => ({ stdout: '' }));
  return listed.stdout
    .split('\n')
    .map((line) => /^\s*(\d+)\s+(\S+)\s+(.*)$/.exec(line))
    .filter((match) => match !== null && !match[2]!.startsWith('Z') && isServer(match[3]!, databaseFile))
    .map((match) => Number(match![1]))
    .filter((pid) => pid !== process.pid);
}

function isServer(commandLine: string, databaseFile: string): boolean {
  return `${commandLine} `.includes(` server start-dev `) && `${commandLine} `.includes(` ${databaseFile} `);
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it has ended, or is somebody else's
  }
}
