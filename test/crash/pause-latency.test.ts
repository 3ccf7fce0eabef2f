/** How soon after `client pause` the last call begins, with calls of one second and 32 of them in flight. */
import { join } from 'node:path';
import { startModelServer } from '../../src/simulator/model-server';
import {
  countResults,
  inFolder,
  runClient,
  startClient,
  statusOf,
  until,
  writeStudy,
} from '../helpers/client-process';

jest.setTimeout(120_000);

/** It is 2 s; on a loaded machine the client that says the word takes a while to end, too. */
const MOST_MS = 4000;

it('a pause from another terminal stops new calls within seconds, and what was in flight is saved', async () => {
  const server = await startModelServer({ latency: { kind: 'constant', ms: 1000 } });
  try {
    await inFolder(async (folder) => {
      const db = join(folder, 'study.db');
      writeStudy(folder, { apiUrl: server.url, nNarratives: 3000, concurrency: 32 });
      const client = startClient(['start', '--config', 'study.yaml', '--db', db], { cwd: folder });
      await until(() => countResults(db) >= 100, 60_000, 'a hundred results');
      const saidAt = Date.now();
      expect((await runClient(['pause', '--db', db], { cwd: folder })).code).toBe(0);
      expect(await client.ended).toBe(6);
      expect(statusOf(db)).toEqual({ status: 'paused', reason: 'paused by hand' });
      const starts = server.calls().filter(({ event }) => event === 'start');
      const latencyMs = Math.max(...starts.map(({ at }) => Date.parse(at))) - saidAt;
      process.stderr.write(`  last new call ${latencyMs} ms after the start of client pause\n`);
      expect(latencyMs).toBeLessThan(MOST_MS);
    });
  } finally {
    await server.close();
  }
});
