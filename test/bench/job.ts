/** The whole job of the first users, with a server that answers at once: what it takes of memory, disk and patience. */
import { existsSync, statSync } from 'node:fs';
import { query } from '../helpers/client-process';
import { processorOf, type Figure, type Outcome } from './figure';
import { historyOf } from './history-events';
import { growthOf, peakOf, runToEnd } from './run-client';
import { runStudy } from './study-run';

/** Runs it and what is asked of it afterwards. */
export async function job(nNarratives = 35_312): Promise<Outcome> {
  const figures: Figure[] = [];
  const setup = { nNarratives, concurrency: 32, servers: [['--latency-ms', '0']] };
  const run = await runStudy(setup, async (folder, db) => {
    const noOp = await runToEnd(['start', '--config', 'study.yaml', '--db', 'study.db'], folder);
    const status = await runToEnd(['status', '--db', 'study.db'], folder);
    const history = await historyOf(folder, db);
    figures.push(
      {
        name: 'on disk beyond the text',
        value: bytesBeyondText(db) / nNarratives / 1024,
        unit: 'KB each',
        most: 4,
      },
      { name: 'start with nothing to do', value: noOp.wallMs / 1000, unit: 's', most: 2 },
      { name: 'status', value: status.wallMs / 1000, unit: 's', most: 0.3 },
      { name: 'events in Temporal', value: history.events / nNarratives, unit: 'each' },
      { name: 'runs of the workflow', value: history.runs },
    );
  });
  const { memoryMiB } = run.client;
  figures.push(
    { name: 'memory, peak', value: (peakOf(memoryMiB) * 2 ** 20) / 1e6, unit: 'MB', most: 400 },
    { name: 'last quarter to second, medians', value: growthOf(memoryMiB) },
    { name: 'rate', value: (nNarratives / (run.savedAtMs.at(-1)! - run.firstCallMs)) * 1000, unit: '/s' },
    processorOf(run),
  );
  return { figures };
}

function bytesBeyondText(db: string): number {
  const [{ n }] = query<{ n: number }>(
    db,
    'SELECT sum(length(CAST(narrative_text AS BLOB))) AS n FROM source_narratives',
  ) as [{ n: number }];
  const files = [db, `${db}-wal`].filter((file) => existsSync(file));
  return files.reduce((sum, file) => sum + statSync(file).size, 0) - n;
}
