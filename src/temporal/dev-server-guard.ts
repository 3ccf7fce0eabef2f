/**
 * A process of its own between a client and its Temporal server. It reads a pipe that the client holds: when the client
 * ends, however it ends, the pipe closes and the guard ends the server. It writes one line, the server's pid, and ends
 * with the server. Ctrl-C and a closed terminal are the client's business. argv: log file, command, arguments.
 */
import { spawn } from 'node:child_process';
import { openSync } from 'node:fs';

const KILL_AFTER_MS = 3000;
const FAILED = 1;

process.umask(0o077); // the server's database is as private as the results file
for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => {});

const [logFile, command, ...args] = process.argv.slice(2) as [string, string, ...string[]];
const log = openSync(logFile, 'a', 0o600);
const server = spawn(command, args, { stdio: ['ignore', log, log], windowsHide: true });
server.on('error', () => process.exit(FAILED));
server.on('exit', (code) => process.exit(code ?? FAILED));

process.stdout.on('error', () => {}); // a client that is gone shows on stdin too
if (server.pid !== undefined) process.stdout.write(`${server.pid}\n`);

process.on('SIGTERM', endServer);
process.stdin.on('end', endServer).on('error', endServer).resume();

function endServer(): void {
  server.kill('SIGTERM');
  setTimeout(() => server.kill('SIGKILL'), KILL_AFTER_MS);
}
