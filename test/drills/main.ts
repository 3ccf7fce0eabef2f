/**
 * `npm run drill -- NAME`: long forms of what `npm test` tries for seconds, with figures. Exit code 1 when something was
 * not as it should be.
 */
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { temporalCliPath } from '../helpers/temporal-cli';
import { quantile } from './quantile';
import { lockFileFor } from './locked-file';
import { measureRecovery, MOMENTS } from './recovery';
import { PHASES, readBeside } from './readers';
import { raceStarts } from './two-starts';

const MOST_COMMIT_MS = 50;
const MEDIAN_RECOVERY_MS = 3000;
const WORST_RECOVERY_MS = 10_000;
const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** Each gives what was wrong. */
const DRILLS: Record<string, (amount: number | undefined) => Promise<string[]>> = {
  /** `--amount` = races. */
  'two-starts': async (amount = 50) => {
    const { races, onNewFile, refusedAfterMs, wrong } = await raceStarts(amount, print);
    print(`races                ${races}: ${onNewFile} on a new file, ${races - onNewFile} after a kill -9`);
    print(`refused after        median ${(quantile(refusedAfterMs, 0.5) / 1000).toFixed(1)} s`);
    return wrong;
  },
  /** `--amount` = seconds for which the lock is held. */
  lock: async (amount = 60) => {
    const { mostInMemory, told, endedAfterMs, wrong } = await lockFileFor(amount * 1000);
    print(`lock held            ${amount} s; status: ${told}`);
    print(
      `calls not yet stored ${mostInMemory} at most; the run ended ${seconds(endedAfterMs)} after the lock`,
    );
    return wrong;
  },
  /** `--amount` = seconds for which a reader holds its transaction. */
  readers: async (amount = 60) => {
    const report = await readBeside({ holdMs: amount * 1000, aroundMs: 10_000, onLook: print });
    print(
      `readers              ${report.hasSqlite3 ? 'sqlite3 -readonly' : 'better-sqlite3'}, ${report.looks} looks, ${report.refusedLooks} refused`,
    );
    print(`a commit, disk alone p50 ${report.diskMs.toFixed(1)} ms`);
    for (const phase of PHASES) {
      const commits = report.commitsMs[phase];
      const [p50, p99] = [quantile(commits, 0.5), quantile(commits, 0.99)].map((ms) => ms.toFixed(1));
      print(
        `${phase.padEnd(21)}${commits.length} commits, p50 ${p50} ms, p99 ${p99} ms, ` +
          `worst ${quantile(commits, 1).toFixed(0)} ms, log at most ${mebibytes(report.mostLogBytes[phase])}`,
      );
    }
    print(`log at the end       ${mebibytes(report.logBytesAtEnd)}`);
    const all = quantile(
      PHASES.flatMap((phase) => report.commitsMs[phase]),
      0.99,
    );
    if (all > MOST_COMMIT_MS)
      report.wrong.push(`p99 of a commit is ${all.toFixed(1)} ms, more than ${MOST_COMMIT_MS}`);
    return report.wrong;
  },
  /** `--amount` = kills in each case. */
  recovery: async (amount = 10) => {
    const cliPath = process.env.TEMPORAL_CLI_PATH!;
    const { firstCallMs, gapMs, moments, wrong } = await measureRecovery(amount, cliPath, print);
    for (const [kind, times] of Object.entries(firstCallMs)) {
      print(
        `${kind.padEnd(21)}first new call: median ${seconds(quantile(times, 0.5))}, worst ${seconds(quantile(times, 1))}`,
      );
      if (quantile(times, 0.5) > MEDIAN_RECOVERY_MS || quantile(times, 1) > WORST_RECOVERY_MS)
        wrong.push(`${kind}: it took too long`);
    }
    print(
      `                     longest gap: median ${seconds(quantile(gapMs, 0.5))}, worst ${seconds(quantile(gapMs, 1))}`,
    );
    for (const [kind, byMoment] of Object.entries(moments)) {
      const medians = MOMENTS.map((moment) => `${moment} ${seconds(quantile(byMoment[moment], 0.5))}`);
      print(`${kind.padEnd(21)}${medians.join(', ')} (medians from the process start)`);
    }
    return wrong;
  },
};

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}

function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { amount: { type: 'string' } },
    allowPositionals: true,
  });
  const drill = DRILLS[positionals[0] ?? ''];
  if (drill === undefined)
    throw new Error(`npm run drill -- ${Object.keys(DRILLS).join(' | ')} [--amount N]`);
  process.env.TEMPORAL_CLI_PATH = await temporalCliPath();
  const before = loadavg()[0]!;
  const wrong = await drill(values.amount === undefined ? undefined : Number(values.amount));
  print(`load                 ${before.toFixed(1)} before, ${loadavg()[0]!.toFixed(1)} after`);
  print(wrong.length === 0 ? 'all right' : `WRONG:\n  ${wrong.join('\n  ')}`);
  process.exitCode = wrong.length === 0 ? 0 : 1;
}

void main();
