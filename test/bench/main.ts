/**
 * `npm run bench -- [SCENARIO...] [--rounds N] [--narratives N] [--markdown FILE] [--plots FOLDER]`: how near the program
 * comes to what the model server allows. Prints medians of so many rounds; exit code 1 when a bound does not hold.
 */
import { writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { quantile } from '../drills/quantile';
import { temporalCliPath } from '../helpers/temporal-cli';
import type { Figure, Scenario } from './figure';
import { plotCourse } from './plot-course';
import { reading } from './reading';
import { scale } from './scale';
import { SCENARIOS } from './scenarios';

const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** Run once, and only where they are named. */
const LARGE: Readonly<Record<string, Scenario>> = { scale, reading };

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: {
      rounds: { type: 'string', default: '3' },
      narratives: { type: 'string' },
      markdown: { type: 'string' },
      plots: { type: 'string' },
    },
    allowPositionals: true,
  });
  process.env.TEMPORAL_CLI_PATH = await temporalCliPath();
  const amount = values.narratives === undefined ? undefined : Number(values.narratives);
  const names = positionals.length === 0 ? Object.keys(SCENARIOS) : positionals;
  const rows: Row[] = [];
  print(`${new Date().toISOString().slice(0, 10)}, ${cpus().length} cores, load ${loadavg()[0]!.toFixed(1)}`);
  for (const name of names) {
    const rounds: Figure[][] = [];
    for (let round = 1; round <= (name in LARGE ? 1 : Number(values.rounds)); round += 1) {
      const scenario = LARGE[name] ?? SCENARIOS[name];
      if (scenario === undefined)
        throw new Error(
          `no scenario ${name}; there are ${Object.keys({ ...SCENARIOS, ...LARGE }).join(', ')}`,
        );
      const { figures, run } = await scenario(amount);
      rounds.push(figures);
      if (round === 1 && run !== undefined && values.plots !== undefined)
        writeFileSync(join(values.plots, `${name}.svg`), await plotCourse(run));
    }
    const medians = mediansOf(name, rounds);
    for (const row of medians) print(lineOf(row));
    rows.push(...medians);
  }
  if (values.markdown !== undefined) writeFileSync(values.markdown, markdownOf(rows));
  process.exitCode = rows.every(({ holds }) => holds !== false) ? 0 : 1;
}

interface Row {
  scenario: string;
  figure: string;
  value: string;
  bound: string;
  /** null = there is no bound. */
  holds: boolean | null;
}

function mediansOf(scenario: string, rounds: readonly Figure[][]): Row[] {
  return rounds[0]!.map(({ name, unit = '', least, most }, index) => {
    const value = quantile(
      rounds.map((figures) => figures[index]!.value),
      0.5,
    );
    const bound = least !== undefined ? `at least ${least}` : most !== undefined ? `at most ${most}` : '';
    const holds = bound === '' ? null : value >= (least ?? -Infinity) && value <= (most ?? Infinity);
    return { scenario, figure: name, value: `${show(value)} ${unit}`.trim(), bound, holds };
  });
}

function show(value: number): string {
  return Number.isInteger(value) ? `${value}` : value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

function lineOf({ scenario, figure, value, bound, holds }: Row): string {
  const verdict = holds === null ? '' : holds ? 'holds' : 'DOES NOT HOLD';
  return `${scenario.padEnd(14)}${figure.padEnd(40)}${value.padEnd(12)}${bound.padEnd(16)}${verdict}`.trimEnd();
}

function markdownOf(rows: readonly Row[]): string {
  const lines = rows.map(
    ({ scenario, figure, value, bound, holds }) =>
      `| ${scenario} | ${figure} | ${value} | ${bound} | ${holds === null ? '' : holds ? 'holds' : 'does not hold'} |`,
  );
  return ['| scenario | figure | median | bound | |', '| --- | --- | --- | --- | --- |', ...lines, ''].join(
    '\n',
  );
}

void main();
