/** Leaves no room on a stage's disk for a while. Answers that wait for room must be told by `status`, and not be lost. */
import { rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { digestOf } from '../../src/simulator/simulated-answer';
import { narrativeText, query, userMessage } from '../helpers/client-process';
import type { Fault } from './plan';
import type { Client, Stage } from './stage';

/** An answer that is older is stored, or waits. */
const STORED_WITHIN_MS = 1500;

/** Fills the disk, looks at what `status` says, kills the client where that is wanted, and makes room. */
export async function fillDisk(
  stage: Stage,
  client: Client,
  { ms, isKilled }: Extract<Fault, { kind: 'full' }>,
): Promise<void> {
  const filler = join(stage.folder, 'filler');
  const end = stage.beginTrouble('full');
  try {
    const { bsize, bavail } = statfsSync(stage.folder);
    for (let size = bsize * bavail; size >= bsize; size = Math.floor(size / 2)) append(filler, size);
    await Promise.race([sleep(ms), client.ended]);
    await checkTold(stage, client);
    if (!isKilled || client.hasEnded) return;
    client.child.kill('SIGKILL');
    stage.noteKill('client', true);
    await client.ended;
  } finally {
    rmSync(filler, { force: true });
    end();
  }
}

/** Somebody else may have taken the room meanwhile. */
function append(file: string, bytes: number): void {
  try {
    writeFileSync(file, Buffer.alloc(bytes), { flag: 'a' });
  } catch {
    // full
  }
}

async function checkTold(stage: Stage, client: Client): Promise<void> {
  const waiting = answersThatWait(stage, client);
  if (client.hasEnded || waiting === 0) return;
  const { code, stdout, stderr } = await stage.command(['status', '--json']);
  if (client.hasEnded) return;
  const holder = code === 0 ? (JSON.parse(stdout) as Status).held_by : null;
  if (holder?.trouble != null) stage.fullDiskTold += 1;
  else
    stage.violations.push(
      `the disk is full, ${waiting} answers wait, and status (${code}) does not say so: ${(stdout + stderr).slice(0, 800)}`,
    );
}

interface Status {
  held_by: { trouble: string | null } | null;
}

/** Texts that this client got a good answer about some time ago, without one in the file. */
function answersThatWait({ db, history }: Stage, { spawnedMs }: Client): number {
  const untilMs = Date.now() - STORED_WITHIN_MS;
  const stored = new Set(
    query<{ id: string }>(db, 'SELECT incident_id AS id FROM narrative_results').map(({ id }) =>
      digestOf(userMessage(narrativeText(Number(id)))),
    ),
  );
  const waiting = history
    .calls()
    .filter(
      ({ startedMs, endedMs, isAborted, fault }) =>
        startedMs >= spawnedMs && endedMs !== null && endedMs < untilMs && !isAborted && fault === 0,
    )
    .filter(({ digest }) => !stored.has(digest));
  return new Set(waiting.map(({ digest }) => digest)).size;
}
