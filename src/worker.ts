#!/usr/bin/env node
/** The `worker` command: a worker process for a Temporal server elsewhere. */
import { runProcess } from './commands/run-process';

void runProcess(['worker', ...process.argv.slice(2)]);
