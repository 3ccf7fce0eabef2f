import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LogFile } from '../../src/monitoring/log-file';
import { lastLoggedEvent } from '../../src/monitoring/logged-events';
import { inFolder } from '../helpers/client-process';

const BOUNDS = { maxBytes: 300, keep: 2, maxWaitingBytes: 1000 };

function linesOf(path: string): unknown[] {
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as unknown);
}

it('a log is written in order, readable by its owner alone', async () => {
  await inFolder(async (folder) => {
    const log = new LogFile(join(folder, 'a', 'b.jsonl'), () => {});
    for (let number = 0; number < 5; number += 1) log.add({ number });
    await log.flush();
    log.add({ number: 5 });
    await Promise.all([log.flush(), log.flush()]);
    expect(linesOf(log.path)).toEqual([0, 1, 2, 3, 4, 5].map((number) => ({ number })));
    expect(statSync(log.path).mode & 0o077).toBe(0);
    expect(statSync(join(folder, 'a')).mode & 0o077).toBe(0);
  });
});

it('a full file becomes .1, and no more than the kept ones stay', async () => {
  await inFolder(async (folder) => {
    const log = new LogFile(join(folder, 'log.jsonl'), () => {}, BOUNDS);
    for (let number = 0; number < 40; number += 1) {
      log.add({ number, filler: 'x'.repeat(40) });
      await log.flush();
    }
    expect(readdirSync(folder).sort()).toEqual(['log.jsonl', 'log.jsonl.1', 'log.jsonl.2']);
    for (const name of readdirSync(folder))
      expect(statSync(join(folder, name)).size).toBeLessThanOrEqual(BOUNDS.maxBytes);
    const kept = ['.2', '.1', ''].flatMap((end) => linesOf(`${log.path}${end}`));
    const last = kept.length;
    expect(kept).toMatchObject(Array.from({ length: last }, (_, index) => ({ number: 40 - last + index })));
  });
});

it('a log that cannot be written is told once, and goes on with the number of the lines that were lost', async () => {
  await inFolder(async (folder) => {
    const troubles: string[] = [];
    const blocked = join(folder, 'blocked');
    writeFileSync(blocked, 'a file where the folder should be');
    const log = new LogFile(join(blocked, 'log.jsonl'), (code) => troubles.push(code), BOUNDS);
    log.add({ number: 1 });
    log.add({ number: 2 });
    await log.flush();
    log.add({ number: 3 });
    await log.flush();
    expect(troubles).toEqual([expect.stringMatching(/^(EEXIST|ENOTDIR)$/)]);
    rmSync(blocked);
    mkdirSync(blocked);
    log.add({ number: 4 });
    await log.flush();
    expect(linesOf(log.path)).toEqual([{ number: 4 }, { at: expect.any(String) as string, lines_lost: 3 }]);
  });
});

it('lines that come faster than the disk takes them are lost beyond a bound, and counted', async () => {
  await inFolder(async (folder) => {
    const log = new LogFile(join(folder, 'log.jsonl'), () => {}, { ...BOUNDS, maxBytes: 10_000 });
    for (let number = 0; number < 100; number += 1) log.add({ number, filler: 'x'.repeat(40) });
    await log.flush();
    const lines = linesOf(log.path) as { lines_lost?: number }[];
    expect(lines.at(-1)!.lines_lost).toBe(100 - (lines.length - 1));
    expect(lines.length).toBeLessThan(30);
  });
});

it.each([
  ['no log', null, null, 0],
  ['an event and other lines', '{"event_id":7}\n{"what":"batch"}\n', null, 7],
  ['a torn line', '{"event_id":7}\n{"event_id":8,"de', null, 7],
  ['no event since the file began', '{"what":"batch"}\n', '{"event_id":12}\n', 12],
])('the last event of a log with %s is found', async (_what, current, older, last) => {
  await inFolder((folder) => {
    const path = join(folder, 'log.jsonl');
    if (current !== null) writeFileSync(path, current);
    if (older !== null) writeFileSync(`${path}.1`, older);
    expect(lastLoggedEvent(path)).toBe(last);
  });
});
