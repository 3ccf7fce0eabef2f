/** What needs no work costs no work: a start of a large finished experiment, through the real client. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ResultToSave } from '../../src/store/results';
import { inFolder, query, runClient, writeStudy } from '../helpers/client-process';
import { answered, finish, startStored, withStore } from '../helpers/stored-study';

jest.setTimeout(120_000);

const N = 35_000;
const NOWHERE = 'http://127.0.0.1:9/v1/chat/completions';

it('a start of a finished experiment of 35,000 narratives reads, calls and starts nothing', async () => {
  await inFolder(async (folder) => {
    writeStudy(folder, { apiUrl: NOWHERE, nNarratives: 1 });
    const rows = Array.from(
      { length: N },
      (_, index) => `${index},cme,${`Text ${index}. `.repeat(40)},${index % 9 === 0 ? 1 : 0}`,
    );
    writeFileSync(
      join(folder, 'data.csv'),
      ['incident_id,narrative_type,narrative_text,manual_flag_ind', ...rows].join('\n'),
    );
    withStore(folder, (store) => {
      const { experimentId } = startStored(store, folder).decision;
      const results = Array.from({ length: N }, (_, position): ResultToSave => ({
        experimentId,
        position,
        narrativeId: position + 1,
        pass: 0,
        startedAt: '2026-01-01T00:00:00.000Z',
        responseMs: 5000,
        calls: 1,
        endpoint: 'http://127.0.0.1:9',
        outcome: answered(position % 8 === 0),
        reply: null,
      }));
      store.results.save(results);
      finish(store, experimentId);
    });
    const startedMs = performance.now();
    const run = await runClient(['start', '--config', 'study.yaml', '--db', 'study.db'], {
      cwd: folder,
      env: { TEMPORAL_CLI_PATH: '/nowhere' },
    });
    process.stderr.write(`  start of a finished ${N}: ${Math.round(performance.now() - startedMs)} ms\n`);
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout).toContain('No remaining work');
    expect(
      query(
        join(folder, 'study.db'),
        "SELECT * FROM experiment_events WHERE kind NOT IN ('created', 'completed')",
      ),
    ).toEqual([]);
  });
});
