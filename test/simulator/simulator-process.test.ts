import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { promisify } from 'node:util';
import { request } from 'undici';

const MAIN = path.join(__dirname, '../../dist/simulator/main.js');
const running: ChildProcess[] = [];

afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
});

/** Starts the command and gives the URL that it prints. */
async function serve(...args: string[]): Promise<{ url: string; child: ChildProcess }> {
  const child = spawn(process.execPath, [MAIN, '--port', '0', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  running.push(child);
  let printed = '';
  for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
    printed += chunk.toString();
    const url = /https?:\S+/.exec(printed)?.[0];
    if (url !== undefined) return { url, child };
  }
  throw new Error(`it printed no URL: ${printed}`);
}

async function ask(url: string): Promise<number> {
  const body = JSON.stringify({ messages: [{ role: 'user', content: 'A text.' }] });
  const reply = await request(url, { method: 'POST', body });
  await reply.body.dump();
  return reply.statusCode;
}

describe('the simulator as a command', () => {
  it('serves faults, tells what it served, and ends when told to', async () => {
    const { url, child } = await serve('--latency-ms', '0', '--faults', '44');
    expect([await ask(url), await ask(url)]).toEqual([429, 200]);
    const state = await request(new URL('/control/state', url));
    expect(await state.body.json()).toMatchObject({ calls_by_fault: { 0: 1, 44: 1 } });
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('prints the catalogue', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [MAIN, '--list-faults']);
    expect(stdout.split('\n').filter((line) => /^\| \d+ /.test(line))).toHaveLength(73);
  });

  it('refuses a fault that is not there in one line', async () => {
    const refused = promisify(execFile)(process.execPath, [MAIN, '--faults', '170']);
    await expect(refused).rejects.toMatchObject({
      code: 2,
      stderr: 'There is no fault 170. They are numbered 1 to 73.\n',
    });
  });
});
