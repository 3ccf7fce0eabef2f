#!/usr/bin/env node
/** The `client` command. */
import { runProgram } from './commands/program';
import { readEnvironment } from './config/environment';

process.umask(0o077);
const { stdout, stderr } = process;
void runProgram(process.argv.slice(2), {
  stdout,
  stderr,
  environment: readEnvironment(),
  workingDirectory: process.cwd(),
}).then((exitCode) => {
  process.exitCode = exitCode;
});
