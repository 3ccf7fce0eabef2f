/** Experiment after experiment, each under a plan of its own seed, until the kills or the minutes are used up. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeStep, drawPlan, type PlanOptions } from './plan';
import { type ExperimentReport, runExperiment } from './run-experiment';

export interface ChaosOptions extends Pick<PlanOptions, 'mode'> {
  /** Of the first experiment; each further one has the next. */
  seed: number;
  /** Stops after so many kills. @default no bound */
  kills?: number;
  minutes?: number;
  experiments?: number;
  nNarratives: number;
  /** Told what is going to be done, and what came of it. */
  onProgress: (line: string) => void;
}

/** What came of all experiments. */
export interface ChaosReport {
  seed: number;
  mode: PlanOptions['mode'];
  canFillDisk: boolean;
  /** After how many it was to stop; absent = no bound. */
  kills?: number;
  experiments: ExperimentReport[];
}

const MS_PER_MINUTE = 60_000;

/** Runs until a bound is reached; at least one experiment. */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const { seed, mode, kills = Infinity, minutes = Infinity, onProgress } = options;
  const canFillDisk = canMount();
  const experiments: ExperimentReport[] = [];
  const deadlineMs = Date.now() + minutes * MS_PER_MINUTE;
  const killed = (): number => experiments.reduce((sum, report) => sum + report.kills.length, 0);
  if (!canFillDisk) onProgress('No file system can be mounted here: the disk is never full in this run.');
  do {
    const plan = drawPlan({ seed: seed + experiments.length, mode, canFillDisk });
    const hasOwnDisk = plan.steps.some(({ fault }) => fault.kind === 'full');
    onProgress(`seed ${plan.seed} (${plan.mode}${plan.hasErrors ? ', with errors to ask again' : ''}):`);
    for (const step of plan.steps) onProgress(`  ${describeStep(step)}`);
    const report = await runExperiment(plan, {
      nNarratives: options.nNarratives,
      mostKills: kills - killed(),
      hasOwnDisk,
    });
    experiments.push(report);
    onProgress(summarize(report, killed()));
  } while (
    killed() < kills &&
    Date.now() < deadlineMs &&
    experiments.length < (options.experiments ?? Infinity)
  );
  return { seed, mode, canFillDisk, kills: options.kills, experiments };
}

function summarize(
  { plan, steps, kills, account, durationMs, violations }: ExperimentReport,
  killed: number,
): string {
  const seconds = (durationMs / 1000).toFixed(0);
  const outcome = violations.length === 0 ? 'right' : `WRONG: ${violations.join('\n  ')}`;
  return (
    `seed ${plan.seed}: ${steps} steps, ${kills.length} kills (${killed} in all), ` +
    `${account.made} calls for ${account.needed}, ${seconds} s, ${outcome}`
  );
}

/** Only root can, and not in every container. */
function canMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'longhaul-mount-'));
  try {
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder]).status !== 0) return false;
    return spawnSync('umount', [folder]).status === 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
