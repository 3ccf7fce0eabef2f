/** A client that is stopped for longer than its heartbeats last still owns the results file, and wakes without harm. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startModelServer } from '../../src/simulator/model-server';
import {
  callsAboutNarratives,
  countResults,
  inFolder,
  query,
  runClient,
  startClient,
  until,
  writeStudy,
} from '../helpers/client-process';

jest.setTimeout(150_000);

const N = 200;
const CONCURRENCY = 8;
/** The heartbeat timeout is 20 s. */
const STOPPED_MS = 30_000;
const START = ['start', '--config', 'study.yaml', '--db', 'study.db'];

it.each([
  ['that calls outlast', 600],
  ['longer than a call may take', 20],
])(
  'stopped for a time %s, the owner holds, and goes on with nothing asked or written twice',
  async (_what, timeoutSec) => {
    const server = await startModelServer({ latency: { kind: 'constant', ms: 250 } });
    try {
      await inFolder(async (folder) => {
        const db = join(folder, 'study.db');
        writeStudy(folder, { apiUrl: server.url, nNarratives: N, concurrency: CONCURRENCY, timeoutSec });
        const owner = startClient(START, { cwd: folder });
        try {
          await until(() => countResults(db) >= 40, 60_000, 'forty results');
          owner.child.kill('SIGSTOP');
          const second = runClient(START, { cwd: folder });
          await sleep(STOPPED_MS);
          expect(await second).toMatchObject({
            code: 3,
            stderr: expect.stringContaining(`${owner.child.pid}`) as string,
          });
        } finally {
          owner.child.kill('SIGCONT');
        }
        expect({ code: await owner.ended, err: owner.stderr() }).toMatchObject({ code: 0 });
        expect(callsAboutNarratives(server)).toBe(N);
        const counts = `SELECT count(*) AS n, count(DISTINCT narrative_id) AS narratives, sum(error_occurred) AS errors,
        (SELECT count(*) FROM result_attempts) AS attempts FROM narrative_results`;
        expect(query(db, counts)).toEqual([{ n: N, narratives: N, errors: 0, attempts: N }]);
        expect(query(db, 'SELECT n_narratives_completed AS n FROM experiments')).toEqual([{ n: N }]);
      });
    } finally {
      await server.close();
    }
  },
);
