/**
 * A process of its own between a client and its Temporal server. It holds the reading end of a pipe: when the client
 * ends, however it ends, the pipe closes and the guard ends the server. argv: log file, command, arguments.
 */
import { spawn } from 'node:child_process';
import { openSync } from 'node:fs';

const KILL_AFTER_MS = 3000;

const [logFile, command, ...args] = process.argv.slice(2) as [string, string, ...string[]];
const log = openSync(logFile, 'a', 0o600);
const server = spawn(command, args, { stdio: ['ignore', log, log] });

server.on('error', () => process.exit(1));
server.on('exit', (code) => process.exit(code ?? 1));
process.stdout.on('error', () => {});
process.stdout.write(`${server.pid}\n`);

process.stdin.resume();
process.stdin.on('end', endServer);
process.stdin.on('error', endServer);
process.on('SIGTERM', endServer);
for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => {});

function endServer(): void {
  server.kill('SIGTERM');
  setTimeout(() => server.kill('SIGKILL'), KILL_AFTER_MS);
}
