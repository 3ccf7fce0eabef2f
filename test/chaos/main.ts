/**
 * `npm run chaos -- --seed 1 --minutes 10`: kills the client, its Temporal server, its guard and the model server at
 * moments drawn from the seed, and checks that nothing is lost, nothing is asked twice and nothing is wrong. Exit code 1
 * when something was; the table then says how to repeat it.
 */
import { parseArgs } from 'node:util';
import { temporalCliPath } from '../helpers/temporal-cli';
import { formatReport, isRight } from './report';
import { runChaos } from './run-chaos';

const MODES = ['foreground', 'up', 'mixed'] as const;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: '1' },
      minutes: { type: 'string' },
      kills: { type: 'string' },
      experiments: { type: 'string' },
      narratives: { type: 'string', default: '400' },
      mode: { type: 'string', default: 'mixed' },
    },
  });
  const mode = MODES.find((each) => each === values.mode);
  if (mode === undefined) throw new Error(`--mode is one of ${MODES.join(', ')}`);
  const bound = (text: string | undefined): number | undefined =>
    text === undefined ? undefined : Number(text);
  const isUnbounded = [values.minutes, values.kills, values.experiments].every((text) => text === undefined);
  process.env.TEMPORAL_CLI_PATH = await temporalCliPath();
  const report = await runChaos({
    seed: Number(values.seed),
    mode,
    minutes: isUnbounded ? 5 : bound(values.minutes),
    kills: bound(values.kills),
    experiments: bound(values.experiments),
    nNarratives: Number(values.narratives),
    onProgress: (line) => process.stdout.write(`${line}\n`),
  });
  process.stdout.write(`\n${formatReport(report)}\n`);
  process.exitCode = isRight(report) ? 0 : 1;
}

void main();
