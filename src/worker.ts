#!/usr/bin/env node
/** The `worker` command: a worker process for a Temporal server elsewhere. */
import { runProgram } from './commands/program';
import { readEnvironment } from './config/environment';

process.umask(0o077);
const { stdout, stderr } = process;
void runProgram(['worker', ...process.argv.slice(2)], {
  stdout,
  stderr,
  environment: readEnvironment(),
  workingDirectory: process.cwd(),
}).then((exitCode) => {
  process.exitCode = exitCode;
});
