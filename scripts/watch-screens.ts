/** Captures `client watch` beside a run with a simulated model, in a real terminal. */
import { join, resolve } from 'node:path';
import { startModelServer } from '../src/simulator/model-server';
import { countResults, inFolder, startClient, until, writeStudy } from '../test/helpers/client-process';
import { assertTmux, Terminal } from '../test/terminal/tmux';

const CLIENT = resolve('dist/client.js');
const LATENCY = { kind: 'lognormal', meanMs: 150, sigma: 0.5 } as const;

/** The lines of the window at 80 by 24, with their colours. */
export async function captureWatch(): Promise<string[]> {
  assertTmux();
  const server = await startModelServer({ latency: LATENCY });
  try {
    return await inFolder((folder) => watchRun(folder, server.url));
  } finally {
    await server.close();
  }
}

async function watchRun(folder: string, apiUrl: string): Promise<string[]> {
  writeStudy(folder, { apiUrl, nNarratives: 2000, name: 'study' });
  const run = startClient(['start', '--config', 'study.yaml', '--db', 'study.db'], { cwd: folder });
  await until(() => countResults(join(folder, 'study.db')) > 900, 120_000, 'half of the results');
  const terminal = new Terminal(folder, 80, 24);
  try {
    terminal.run(`node ${CLIENT} watch --db study.db`);
    await terminal.untilShown(/^q leaves this view/);
    await terminal.untilShown(/^done about .* in /);
    // The host's name is no part of the picture.
    return terminal.screen({ coloured: true }).map((line) => line.replace(/ on \S+\)/, ' on desk)'));
  } finally {
    terminal.close();
    run.child.kill('SIGINT');
    await run.ended;
  }
}
