/** `client watch` in a real terminal, beside a run in another process. */
import { join } from 'node:path';
import { startModelServer, type ModelServer } from '../../src/simulator/model-server';
import { countResults, inFolder, startClient, until, writeStudy } from '../helpers/client-process';
import { assertTmux, Terminal } from './tmux';

const CLIENT = join(__dirname, '../../dist/client.js');
const N = 2000;

let server: ModelServer;
let terminal: Terminal;

beforeAll(assertTmux);
beforeEach(async () => {
  server = await startModelServer({ latency: { kind: 'lognormal', meanMs: 150, sigma: 0.5 } });
});
afterEach(async () => {
  terminal?.close();
  await server.close();
});

/** Runs a study in the background and opens a terminal in its folder. */
async function besideRun(
  { n = N, width = 80, height = 24 },
  work: (run: ReturnType<typeof startClient>) => Promise<void>,
): Promise<void> {
  await inFolder(async (folder) => {
    writeStudy(folder, { apiUrl: server.url, nNarratives: n });
    const run = startClient(['start', '--config', 'study.yaml', '--db', 'study.db'], { cwd: folder });
    try {
      await until(() => countResults(join(folder, 'study.db')) > 20, 60_000, 'the first results');
      terminal = new Terminal(folder, width, height);
      await work(run);
    } finally {
      run.child.kill('SIGINT');
      await run.ended;
    }
  });
}

const watch = (...args: string[]): void =>
  terminal.run(`node ${CLIENT} watch --db study.db ${args.join(' ')}; echo "exit code $?"`);

/** The last line says how to leave: then the whole window is drawn. */
const untilDrawn = (): Promise<void> => terminal.untilShown(/^q leaves this view/);

function expectWholeWindow(width: number, height: number): void {
  const lines = terminal.screen();
  expect(lines).toHaveLength(height);
  expect(lines.at(-1)).toMatch(new RegExp(`^q leaves this view.* UTC$`));
  expect(lines.at(-1)).toHaveLength(width);
  expect(lines.filter((line) => line.startsWith('q leaves'))).toHaveLength(1);
  expect(lines[0]).toMatch(/^crash-study-[0-9a-f]{10} +simulated-model$/);
  expect(lines[0]).toHaveLength(width);
  expect(lines[1]).toMatch(/^running \(process \d+ on /);
  expect(lines.find((line) => / \d+\.\d % \| [\d,]+ of 2,000$/.test(line))).toHaveLength(width);
}

it('fills 80x24, follows the run and a resize to 200x50 and back, and leaves a clean terminal on Ctrl-C', async () => {
  await besideRun({}, async (run) => {
    terminal.run('echo before');
    watch();
    await untilDrawn();
    await terminal.untilShown(/^rate +\d+\.\d\/min/);
    await terminal.untilShown(/^\d\d:\d\d:\d\d +\d\.\d s {2}\d+ +cme +(not )?detected +0\.\d\d$/);
    expectWholeWindow(80, 24);
    expect(terminal.fact('alternate_on')).toBe('1');
    expect(terminal.fact('cursor_flag')).toBe('0');
    terminal.resize(200, 50);
    await terminal.untilShown(/^q leaves.{150,} UTC$/);
    expectWholeWindow(200, 50);
    expect(terminal.screen().filter((line) => /^\d\d:\d\d:\d\d/.test(line)).length).toBeGreaterThan(20);
    terminal.resize(80, 24);
    await terminal.untilShown(/^q leaves.{1,75} UTC$/);
    expectWholeWindow(80, 24);
    terminal.press('C-c');
    await terminal.untilShown(/^exit code 0$/);
    expect(terminal.screen().join('\n')).toMatch(
      /before\n\$ node .* watch [^]*Left the view; the work goes on\.\nexit code 0/,
    );
    expect(terminal.screen().join('\n')).not.toContain('MODEL SERVER');
    expect(terminal.fact('alternate_on')).toBe('0');
    expect(terminal.fact('cursor_flag')).toBe('1');
    terminal.run('echo typed | tr a-z A-Z'); // what is typed is seen and understood again
    await terminal.untilShown(/^\$ echo typed \| tr a-z A-Z$/);
    await terminal.untilShown(/^TYPED$/);
    expect(run.child.exitCode).toBeNull();
  });
});

it('q leaves as well, and a window of a few lines or columns is no harm', async () => {
  await besideRun({ width: 30, height: 5 }, async () => {
    watch();
    await terminal.untilShown(/^q leaves this view/);
    expect(terminal.screen()).toHaveLength(5);
    terminal.press('q');
    await terminal.untilShown(/^exit code 0$/);
    expect(terminal.fact('alternate_on')).toBe('0');
  });
});

it('Ctrl-Z gives the terminal back, and fg draws the view anew', async () => {
  await besideRun({}, async () => {
    watch();
    await untilDrawn();
    terminal.press('C-z');
    await terminal.untilShown(/Stopped/);
    expect(terminal.fact('alternate_on')).toBe('0');
    terminal.run('fg');
    await untilDrawn();
    terminal.press('q');
    await terminal.untilShown(/Left the view/);
  });
});

it('ends with the experiment, prints how it ended and gives its exit code', async () => {
  await besideRun({ n: 400 }, async () => {
    watch();
    await terminal.untilShown(/^status +completed$/);
    await terminal.untilShown(/^exit code 0$/);
    expect(terminal.fact('alternate_on')).toBe('0');
    expect(terminal.fact('cursor_flag')).toBe('1');
  });
});
