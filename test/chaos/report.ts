/** The chaos table: what was killed, what it cost, what was wrong, how long recovery took, how to repeat a failure. */
import { loadavg } from 'node:os';
import { quantile } from '../drills/quantile';
import type { ChaosReport } from './run-chaos';
import { TARGETS, WINDOWS } from './plan';
import { RECOVERY_KINDS } from './recoveries';

/** Whether nothing was wrong. */
export function isRight({ experiments }: ChaosReport): boolean {
  return experiments.every(({ violations }) => violations.length === 0);
}

/** The table as text. */
export function formatReport(report: ChaosReport): string {
  const { experiments, seed, mode, canFillDisk } = report;
  const sum = (of: (each: (typeof experiments)[number]) => number): number =>
    experiments.reduce((total, each) => total + of(each), 0);
  const kills = experiments.flatMap((each) => each.kills);
  const extra = sum(({ account }) => account.made - account.needed);
  const commits = experiments.flatMap(({ commitsMs }) => commitsMs);
  const rows: [string, string][] = [
    ['seed, mode', `${seed}${experiments.length > 1 ? ` to ${seed + experiments.length - 1}` : ''}, ${mode}`],
    ['experiments', `${experiments.length} of ${experiments[0]!.nNarratives} narratives`],
    ['kill -9', String(kills.length)],
    ...[...TARGETS, ...WINDOWS].map((component): [string, string] => [
      `  ${component}`,
      String(kills.filter((kill) => kill.component === component).length),
    ]),
    ...otherFaults(report),
    ['calls needed', String(sum(({ account }) => account.needed))],
    [
      'calls made',
      `${sum(({ account }) => account.made)} (${extra} repeated, ${(extra / Math.max(1, kills.length)).toFixed(2)} a kill)`,
    ],
    ['most repeated by one kill', String(Math.max(...experiments.map(({ account }) => account.mostPerKill)))],
    ['results lost', String(sum(({ lost }) => lost))],
    ['results duplicated', String(sum(({ duplicated }) => duplicated))],
    ['labels wrong', String(sum(({ wrong }) => wrong))],
    ['invariants', isRight(report) ? 'I1 to I12 hold' : 'VIOLATED'],
    ['histories replayed', String(sum(({ replayed }) => replayed))],
    ['full disk told by status', `${sum(({ fullDiskTold }) => fullDiskTold)} times`],
    ...RECOVERY_KINDS.map((kind): [string, string] => {
      const times = experiments.flatMap(({ recoveries }) => recoveries.filter((each) => each.kind === kind));
      return [`first new call, ${kind}`, formatTimes(times.map(({ ms }) => ms))];
    }),
    ['end after the last fault', formatTimes(experiments.map(({ endedAfterMs }) => endedAfterMs))],
    ['commit', `p50 ${quantile(commits, 0.5).toFixed(1)} ms, p99 ${quantile(commits, 0.99).toFixed(1)} ms`],
    ['minutes', (sum(({ durationMs }) => durationMs) / 60_000).toFixed(1)],
    [
      'load of the machine',
      loadavg()
        .map((load) => load.toFixed(1))
        .join(', '),
    ],
    ['repeat', repeatCommand(report)],
  ];
  const table = rows.map(([name, value]) => `${name.padEnd(30)}${value}`);
  if (!canFillDisk) table.push('A full disk was not tried: no file system can be mounted here.');
  return [...table, ...failures(report)].join('\n');
}

function otherFaults({ experiments }: ChaosReport): [string, string][] {
  const done = experiments.flatMap(({ plan, steps }) => plan.steps.slice(0, steps));
  const kinds = ['terminate', 'stop', 'pause', 'lock', 'reader', 'full'] as const;
  const counts = kinds.map((kind) => `${kind} ${done.filter(({ fault }) => fault.kind === kind).length}`);
  const forgotten = done.filter(({ fault }) => fault.kind === 'kill' && fault.forget).length;
  const two = experiments.reduce((sum, { twoStarts }) => sum + twoStarts, 0);
  return [
    [
      'other faults',
      `${counts.join(', ')}, Temporal's database deleted ${forgotten}, two starts at once ${two}`,
    ],
  ];
}

/** The last experiment of a series that was bounded by kills ended with them. */
function repeatCommand({ seed, mode, kills, experiments }: ChaosReport): string {
  const narratives = experiments[0]!.nNarratives;
  const bound = kills === undefined ? `--experiments ${experiments.length}` : `--kills ${kills}`;
  return `npm run chaos -- --seed ${seed} ${bound} --mode ${mode} --narratives ${narratives}`;
}

function failures({ experiments, mode }: ChaosReport): string[] {
  return experiments
    .filter(({ violations }) => violations.length > 0)
    .flatMap(({ plan, violations, keptIn, nNarratives }) => [
      '',
      `Seed ${plan.seed} went wrong; its files are in ${keptIn}`,
      ...violations.map((violation) => `  ${violation}`),
      `  Repeat: npm run chaos -- --seed ${plan.seed} --experiments 1 --mode ${mode} --narratives ${nNarratives}`,
    ]);
}

function formatTimes(times: readonly number[]): string {
  if (times.length === 0) return 'not seen';
  const worst = Math.max(...times);
  return `median ${seconds(quantile(times, 0.5))}, worst ${seconds(worst)} (${times.length} times)`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
