/** How long durable commits take while results come as fast as they can, and how many results share one. */
import { join } from 'node:path';
import { readJournal } from '../chaos/check-file';
import { quantile } from '../drills/quantile';
import { inFolder } from '../helpers/client-process';
import type { Outcome } from './figure';
import { runStudy } from './study-run';

/** Notes each commit of the client. */
const PRELOAD = join(__dirname, '../chaos/preload.js');

/** Runs it with a journal of the commits; what this takes of time is in no figure. */
export async function commits(nNarratives = 10_000): Promise<Outcome> {
  return await inFolder(async (folder) => {
    const journalFile = join(folder, 'journal.jsonl');
    const env = { NODE_OPTIONS: `--require ${JSON.stringify(PRELOAD)}`, CHAOS_JOURNAL: journalFile };
    await runStudy({ nNarratives, concurrency: 64, servers: [['--latency-ms', '0']], env });
    const { commitsMs, saved } = readJournal({ journalFile });
    return {
      figures: [
        { name: 'results in a commit', value: saved.size / commitsMs.length },
        { name: 'commit, p50', value: quantile(commitsMs, 0.5), unit: 'ms' },
        { name: 'commit, p99', value: quantile(commitsMs, 0.99), unit: 'ms' },
      ],
    };
  });
}
