#!/usr/bin/env node
/** The `client` command. */
import { runProcess } from './commands/run-process';

void runProcess(process.argv.slice(2));
