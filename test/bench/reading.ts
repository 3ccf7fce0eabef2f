/** What reads a very large results file: time and peak memory of each command, on a file that is made without a model. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { SimulatorProcess } from '../chaos/simulator-process';
import { inFolder, query, writeStudy } from '../helpers/client-process';
import type { Outcome } from './figure';
import {
  longestStall,
  measureCommands,
  notingStalls,
  timeAndMemory,
  type NamedCommands,
} from './large-study';
import { makeResults } from './made-results';
import { runMeasured } from './run-client';

const MOST_MIB = 250;
/** Ending a run starts Temporal and a worker. */
const MOST_MIB_ENDING = 400;
const COMPLETED_WITH_ERRORS = 5;

/** Two experiments over the same narratives: the end of the first is run, then both are looked at. */
export async function reading(nNarratives = 1_000_000): Promise<Outcome> {
  return await inFolder(async (folder) => {
    const server = new SimulatorProcess(join(folder, 'calls.jsonl'), 1, ['--latency-ms', '0']);
    await server.start();
    try {
      writeStudy(folder, { apiUrl: server.url, nNarratives: 1, savesCsvJson: true });
      rmSync(join(folder, 'data.csv')); // the texts are in the results file
      const [first, second] = makeResults(folder, nNarratives);
      const stallsFile = join(folder, 'stalls.txt');
      const resume = ['resume', first, '--db', 'study.db'];
      const ending = await runMeasured(resume, folder, { env: notingStalls(stallsFile) });
      if (ending.code !== COMPLETED_WITH_ERRORS)
        throw new Error(`the client ended with ${ending.code}: ${ending.stderr}`);
      return {
        figures: [
          ...timeAndMemory('finish, with csv and json', ending, MOST_MIB_ENDING),
          longestStall(stallsFile, beginOf(join(folder, 'study.db'), first)),
          ...(await measureCommands(commandsOf(first, second), folder, MOST_MIB)),
        ],
      };
    } finally {
      await server.kill();
    }
  });
}

/** When the experiment was set going, in milliseconds of the epoch: before that the file is looked over as a whole. */
function beginOf(db: string, experimentId: string): number {
  const [{ at }] = query<{ at: string }>(
    db,
    `SELECT max(occurred_at) AS at FROM experiment_events WHERE kind IN ('started', 'resumed') AND experiment_id = '${experimentId}'`,
  ) as [{ at: string }];
  return Date.parse(at);
}

function commandsOf(first: string, second: string): NamedCommands {
  const commands: Record<string, string[]> = {
    status: ['status', first],
    list: ['list'],
    show: ['show', first],
    errors: ['errors', first],
    'errors --json': ['errors', first, '--json'],
    disagreements: ['disagreements', first],
    'disagreements --json --with-text': ['disagreements', first, '--json', '--with-text'],
    compare: ['compare', first, second],
    'compare --json': ['compare', first, second, '--json'],
    explain: ['explain', first, '100', 'cme'],
    reparse: ['reparse', first],
    'export csv': ['export', first, '--out', 'results.csv'],
    'export json': ['export', first, '--out', 'results.json'],
    'export jsonl --with-text': ['export', first, '--out', 'results.jsonl', '--with-text'],
    report: ['report', first, '--out', 'report.html'],
    'db check': ['db', 'check'],
    'db backup': ['db', 'backup', '--out', 'copy.db'],
  };
  return Object.fromEntries(
    Object.entries(commands).map(([name, args]) => [name, [...args, '--db', 'study.db']]),
  );
}
