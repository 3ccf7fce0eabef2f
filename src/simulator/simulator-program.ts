import { Command, InvalidArgumentError, Option } from 'commander';
import { EXIT } from '../errors';
import type { ModelServerOptions } from './model-server';
import type { LatencyDistribution } from './simulated-answer';

const DEFAULT_LATENCY_MS = 300;
const DEFAULT_SIGMA = 0.8;

interface ParsedOptions {
  port: number;
  seed: number;
  latencyMs?: number;
  latencyMeanMs?: number;
  latencySigma?: number;
  callLog?: string;
}

/** The command line of the simulated model server; `run` gets the checked options. */
export function createSimulatorProgram(run: (options: ModelServerOptions) => Promise<void>): Command {
  return new Command('simulator')
    .description(
      'Serves made-up answers like a model server would, on 127.0.0.1. There is no model behind it.',
    )
    .option('--port <port>', 'port to listen on; 0 = any free one', portNumber, 8321)
    .option('--latency-ms <ms>', `each answer takes this long (default: ${DEFAULT_LATENCY_MS})`, notNegative)
    .addOption(
      new Option('--latency-mean-ms <ms>', 'answers take this long on average, lognormal')
        .argParser(notNegative)
        .conflicts('latencyMs'),
    )
    .addOption(
      new Option('--latency-sigma <sigma>', `with --latency-mean-ms: the spread (default: ${DEFAULT_SIGMA})`)
        .argParser(notNegative)
        .conflicts('latencyMs'),
    )
    .option('--seed <number>', 'changes which texts are detected', wholeNumber, 1)
    .option('--call-log <file>', 'append one JSON line for each start and end of a call, without texts')
    .action(async (options: ParsedOptions, command: Command) => {
      if (options.latencySigma !== undefined && options.latencyMeanMs === undefined) {
        command.error('error: --latency-sigma needs --latency-mean-ms', { exitCode: EXIT.userCanMend });
      }
      await run({
        port: options.port,
        seed: options.seed,
        latency: latencyOf(options),
        callLogFile: options.callLog,
      });
    });
}

function latencyOf({ latencyMs, latencyMeanMs, latencySigma }: ParsedOptions): LatencyDistribution {
  if (latencyMeanMs === undefined) return { kind: 'constant', ms: latencyMs ?? DEFAULT_LATENCY_MS };
  return { kind: 'lognormal', meanMs: latencyMeanMs, sigma: latencySigma ?? DEFAULT_SIGMA };
}

function portNumber(value: string): number {
  const port = wholeNumber(value);
  if (port > 65_535) throw new InvalidArgumentError('A port is at most 65535.');
  return port;
}

function wholeNumber(value: string): number {
  const number = notNegative(value);
  if (!Number.isSafeInteger(number)) throw new InvalidArgumentError('Give a whole number.');
  return number;
}

function notNegative(value: string): number {
  const number = value.trim() === '' ? NaN : Number(value);
  if (!Number.isFinite(number) || number < 0) throw new InvalidArgumentError('Give a number from 0 on.');
  return number;
}
