import { Command, InvalidArgumentError, Option } from 'commander';
import { EXIT } from '../errors';
import { DIALECTS } from './dialects';
import { formatFaultTable, formatVariantList } from './faults/fault-table';
import type { ModelServerOptions } from './model-server';
import { notNegative, portNumber, positiveNumber, share, wholeNumber } from './number-option';
import { faultTime, loadCurve, serverOptionsOf, type ParsedOptions } from './simulator-options';

/** Options that mean nothing without another. */
const NEEDED: readonly [keyof ParsedOptions, keyof ParsedOptions, string][] = [
  ['latencySigma', 'latencyMeanMs', '--latency-sigma needs --latency-mean-ms'],
  ['latencyMinMs', 'latencyMaxMs', '--latency-min-ms needs --latency-max-ms'],
  ['stragglerMs', 'stragglerShare', '--straggler-ms needs --straggler-share'],
  ['rate', 'faults', '--rate needs --faults'],
  ['faultyCalls', 'faults', '--faulty-calls needs --faults'],
  ['queue', 'slots', '--queue needs --slots'],
  ['loadMs', 'unloadAfterMs', '--load-ms needs --unload-after-ms'],
];

/** The command line of the simulated model server; `run` gets the checked options, `print` the list of faults. */
export function createSimulatorProgram(
  run: (options: ModelServerOptions) => Promise<void>,
  print: (text: string) => void = () => undefined,
): Command {
  const program = new Command('simulator').description(
    'Serves made-up answers like a model server would, on 127.0.0.1. There is no model behind it.',
  );
  addServerOptions(program);
  addLatencyOptions(program);
  addFaultOptions(program);
  addCapacityOptions(program);
  return program.action(async (parsed: ParsedOptions & { listFaults?: true }, command: Command) => {
    if (parsed.listFaults) return print(`${formatFaultTable()}\n\n${formatVariantList()}\n`);
    for (const [option, needed, message] of NEEDED) {
      if (parsed[option] === undefined || parsed[needed] !== undefined) continue;
      command.error(`error: ${message}`, { exitCode: EXIT.userCanMend });
    }
    await run(serverOptionsOf(parsed));
  });
}

function addServerOptions(program: Command): void {
  program
    .option('--port <port>', 'port to listen on; 0 = any free one', portNumber, 8321)
    .option('--seed <number>', 'changes which texts are detected and which calls are faulty', wholeNumber, 1)
    .option('--call-log <file>', 'append one JSON line for each start and end of a call, without texts')
    .addOption(
      new Option('--dialect <name>', 'behave around the answers like').choices(Object.keys(DIALECTS)),
    )
    .option('--model <name>', 'the model it has (default: one that fits the dialect)')
    .option('--context-tokens <n>', 'prompt and answer may have so many tokens together', positiveNumber);
}

function addLatencyOptions(program: Command): void {
  program
    .option('--latency-ms <ms>', 'each answer takes this long (default: 300)', notNegative)
    .addOption(
      new Option('--latency-mean-ms <ms>', 'answers take this long on average, lognormal')
        .argParser(notNegative)
        .conflicts(['latencyMs', 'latencyMaxMs']),
    )
    .addOption(
      new Option('--latency-sigma <sigma>', 'with --latency-mean-ms: the spread (default: 0.8)')
        .argParser(notNegative)
        .conflicts('latencyMs'),
    )
    .addOption(
      new Option('--latency-max-ms <ms>', 'answers take up to this long, uniform')
        .argParser(notNegative)
        .conflicts('latencyMs'),
    )
    .option('--latency-min-ms <ms>', 'with --latency-max-ms: at least this long (default: 0)', notNegative)
    .option('--straggler-share <share>', 'this share of the texts takes far longer', share)
    .option('--straggler-ms <ms>', 'with --straggler-share: this long (default: 60000)', notNegative);
}

function addFaultOptions(program: Command): void {
  program
    .option('--list-faults', 'print the catalogue of faults and end')
    .option('--faults <list>', 'serve these: numbers, ranges, number:variant, or mix (17,26:vllm,44-48)')
    .option('--rate <share>', 'share of the calls that are faulty (default: 1)', share)
    .option(
      '--faulty-calls <n>',
      'first calls of a text that may be faulty, or always (default: 1)',
      callCount,
    )
    .option('--time <name=number>', 'how long a slow fault takes; may be given again', faultTime);
}

function addCapacityOptions(program: Command): void {
  program
    .option('--slots <n>', 'answers computed at once', positiveNumber)
    .option('--queue <n>', 'with --slots: calls that may wait; beyond, they are refused', wholeNumber)
    .addOption(
      new Option('--refusal <status>', 'how they are refused (default: 429)').choices(['429', '503']),
    )
    .option('--load <curve>', 'slow-down: linear:SHARE, saturates:CALLS or peaks:CALLS', loadCurve)
    .option('--unload-after-ms <ms>', 'the model is unloaded after so long without a call', notNegative)
    .option('--load-ms <ms>', 'with --unload-after-ms: how long the model loads', notNegative)
    .option(
      '--requests-per-minute <n>',
      'calls beyond are refused (429); headers tell the rest',
      positiveNumber,
    )
    .option('--tokens-per-minute <n>', 'likewise, of prompts and answers', positiveNumber)
    .option(
      '--burst-seconds <n>',
      'what may come at once of either, in seconds (default: 60)',
      positiveNumber,
    )
    .option('--die-after-calls <n>', 'die at every n-th call', positiveNumber)
    .option('--die-after-bytes <n>', 'die after so many bytes of prompts', positiveNumber)
    .option('--away-ms <ms>', 'stay away for so long after dying (default: 2000)', notNegative);
}

function callCount(value: string): number {
  if (value === 'always') return Infinity;
  try {
    return positiveNumber(value);
  } catch {
    throw new InvalidArgumentError('Give a number from 1 on, or always.');
  }
}
