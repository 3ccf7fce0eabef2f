import { once } from 'node:events';
import fs from 'node:fs';
import { connect, createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { TemporalUnavailableError } from '../../src/errors';
import { type DevServer, type DevServerOptions, startDevServer } from '../../src/temporal/dev-server';
import { endStrayServers } from '../../src/temporal/end-stray-servers';
import { freePort } from '../../src/temporal/free-port';
import { temporalCliPath } from '../helpers/temporal-cli';
import { ChildScript } from './child-process';

const RETENTION_SECONDS = 8760 * 3600;

let folder: string;
let options: DevServerOptions;
let servers: DevServer[];
let restarts: number[];

beforeEach(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'longhaul-'));
  servers = [];
  restarts = [];
  options = {
    cliPath: await temporalCliPath(),
    databaseFile: path.join(folder, 'experiments.db.temporal.db'),
    logFile: path.join(folder, 'experiments.db.temporal.log'),
    preferredPort: await freePort(),
    namespace: 'default',
    onUnexpectedExit: (count) => restarts.push(count),
  };
});

afterEach(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  fs.rmSync(folder, { recursive: true, force: true });
});

async function start(changes: Partial<DevServerOptions> = {}): Promise<DevServer> {
  const server = await startDevServer({ ...options, ...changes });
  servers.push(server);
  return server;
}

/** A CLI that writes its guard's pid down, then fails where a file named `broken` lies there, else runs the real one. */
function wrapCli(): string {
  const file = path.join(folder, 'temporal-wrapper');
  const lines = ['#!/bin/sh', `echo $PPID >> '${folder}/guards'`, `[ -e '${folder}/broken' ] && exit 1`];
  fs.writeFileSync(file, [...lines, `exec '${options.cliPath}' "$@"`].join('\n'), { mode: 0o755 });
  return file;
}

function guardPids(): number[] {
  return fs.readFileSync(path.join(folder, 'guards'), 'utf8').trim().split('\n').map(Number);
}

async function retentionSeconds(address: string): Promise<number> {
  const connection = await Connection.connect({ address, connectTimeout: '1s' });
  try {
    const { config } = await connection.workflowService.describeNamespace({ namespace: 'default' });
    return Number(config!.workflowExecutionRetentionTtl!.seconds);
  } finally {
    await connection.close();
  }
}

function isListening(address: string): Promise<boolean> {
  const socket = connect(Number(address.split(':')[1]), '127.0.0.1');
  return new Promise((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  }).finally(() => socket.destroy()) as Promise<boolean>;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function until(condition: () => boolean | Promise<boolean>, withinMs: number): Promise<void> {
  const deadlineMs = performance.now() + withinMs;
  while (!(await condition())) {
    if (performance.now() > deadlineMs) throw new Error(`not so within ${withinMs} ms`);
    await sleep(20);
  }
}

it('startDevServer gives a server that answers, keeps histories for a year and ends with stop', async () => {
  const server = await start();
  const pid = server.pid!;
  expect(server.address).toBe(`127.0.0.1:${options.preferredPort}`);
  expect(await retentionSeconds(server.address)).toBe(RETENTION_SECONDS);
  expect((await fetch(server.uiUrl)).status).toBe(200);
  for (const file of [options.databaseFile, options.logFile])
    expect(fs.statSync(file).mode & 0o777).toBe(0o600);

  await server.stop();
  expect(await isListening(server.address)).toBe(false);
  expect(isAlive(pid)).toBe(false);
  expect(restarts).toEqual([]);
});

it('the server is started again on the same port after kill -9 of itself or of its guard', async () => {
  const server = await start({ cliPath: wrapCli() });
  const firstPid = server.pid!;
  process.kill(firstPid, 'SIGKILL');
  await until(() => server.pid !== null && server.pid !== firstPid, 5000);
  await until(() => isListening(server.address), 5000);
  expect(await retentionSeconds(server.address)).toBe(RETENTION_SECONDS);

  const secondPid = server.pid!;
  const guards = guardPids();
  expect(guards).toHaveLength(2);
  process.kill(guards[1]!, 'SIGKILL');
  await until(() => !isAlive(secondPid), 5000);
  await until(() => guardPids().length === 3, 5000);
  await until(() => isListening(server.address), 5000);
  expect(await retentionSeconds(server.address)).toBe(RETENTION_SECONDS);
  expect(restarts).toEqual([1, 2]);
});

it('a server that ends again and again is given up, and says so', async () => {
  const givenUp: TemporalUnavailableError[] = [];
  const server = await start({ cliPath: wrapCli(), onGivenUp: (error) => givenUp.push(error) });
  fs.writeFileSync(path.join(folder, 'broken'), '');
  process.kill(server.pid!, 'SIGKILL');
  await until(() => givenUp.length > 0, 15_000);
  expect(restarts).toEqual([1, 2, 3, 4, 5]);
  expect(givenUp[0]!.message).toContain(options.logFile);
});

it('the server ends when its parent is killed -9', async () => {
  const script = `modules.startDevServer(JSON.parse(file)).then((server) => console.log(server.address + ' ' + server.pid));`;
  const parent = new ChildScript('dev-server.js', JSON.stringify(options), script);
  const [address, pid] = (await parent.nextLine())!.split(' ');
  expect(await isListening(address!)).toBe(true);
  await parent.kill();
  await until(async () => !(await isListening(address!)), 5000);
  await until(() => !isAlive(Number(pid)), 5000);
});

it('a server that outlived both its parent and its guard is ended by the next owner, and no other server is', async () => {
  const script = `modules.startDevServer(JSON.parse(file)).then((server) => console.log(server.address));`;
  const parent = new ChildScript('dev-server.js', JSON.stringify({ ...options, cliPath: wrapCli() }), script);
  const address = (await parent.nextLine())!;
  const other = await start({
    databaseFile: `${options.databaseFile}.other`,
    preferredPort: await freePort(),
  });
  process.kill(guardPids()[0]!, 'SIGSTOP'); // so that it cannot act on the end of its parent
  await parent.kill();
  process.kill(guardPids()[0]!, 'SIGKILL');
  await sleep(100);
  expect(await isListening(address)).toBe(true);
  await endStrayServers(options.databaseFile);
  expect(await isListening(address)).toBe(false);
  expect(isAlive(other.pid!)).toBe(true);
});

it('a process that has stopped its server ends by itself', async () => {
  const script = `modules.startDevServer(JSON.parse(file)).then((server) => server.stop()).then(() => console.log('stopped'));`;
  const parent = new ChildScript('dev-server.js', JSON.stringify(options), script);
  expect(await parent.nextLine()).toBe('stopped');
  expect(await parent.nextLine()).toBeUndefined();
});

it('the server takes other ports where the usual ones are taken', async () => {
  const others = [options.preferredPort!, options.preferredPort! + 1000].map((port) =>
    createServer().listen(port, '127.0.0.1'),
  );
  await Promise.all(others.map((other) => once(other, 'listening')));
  const server = await start();
  expect(server.address).not.toBe(`127.0.0.1:${options.preferredPort}`);
  expect(server.uiUrl).not.toBe(`http://127.0.0.1:${options.preferredPort! + 1000}`);
  expect(await retentionSeconds(server.address)).toBe(RETENTION_SECONDS);
  others.forEach((other) => other.close());
});

it('two servers that are started at once for two files do not take one another for their own', async () => {
  const other = { databaseFile: path.join(folder, 'other.db'), logFile: path.join(folder, 'other.log') };
  const [one, two] = await Promise.all([start(), start(other)]);
  expect(one.address).not.toBe(two.address);
  expect(isAlive(one.pid!) && isAlive(two.pid!)).toBe(true);
  expect(restarts).toEqual([]);
});

it('a server that cannot be used gives an error that names its log and its database', async () => {
  fs.writeFileSync(options.databaseFile, 'this is no database '.repeat(500));
  const starting = start();
  await expect(starting).rejects.toThrow(TemporalUnavailableError);
  await expect(starting).rejects.toThrow(/temporal\.log.*move .*temporal\.db away.*results file/);
});

it('a CLI that does not run gives an error that names the log only', async () => {
  const error = (await start({ cliPath: path.join(folder, 'missing') }).catch(
    (thrown: unknown) => thrown,
  )) as Error;
  expect(error).toBeInstanceOf(TemporalUnavailableError);
  expect(error.message).toContain(options.logFile);
  expect(error.message).not.toContain(options.databaseFile);
});
