/** Tells which keys of the predecessor stand in a config without effect, and what does their work here. */
import type { ConfigInput } from './schema';

type RunKey = keyof ConfigInput['run'];

const INSTEAD: readonly [RunKey, string][] = [
  ['resume_enabled', 'every experiment can be resumed'],
  ['progress_tracking', 'progress is always kept; `client status` shows it'],
  ['database', 'the results file is named with --db, EXPERIMENTS_DB or .db_config'],
  ['resume', '`client start` goes on by itself with an unfinished experiment, as does `client resume`'],
  ['experiment_id', '`client resume ID` goes on with a certain experiment'],
  ['retry_errors_only', '`client resume ID --retry-errors` asks again about narratives with errors'],
];

/** One line for each key that is written but does nothing. */
export function describeIneffective({ run, model }: Pick<ConfigInput, 'run' | 'model'>): string[] {
  const notices = INSTEAD.filter(([key]) => run[key] !== undefined).map(
    ([key, instead]) => `run.${key} has no effect: ${instead}.`,
  );
  if (run.save_incremental === false) {
    notices.push('run.save_incremental: false has no effect: every answer is saved as soon as it is there.');
  }
  if (run.seed !== undefined && model.send_seed !== true && run.sample === undefined) {
    notices.push(
      'run.seed has no effect without run.sample or model.send_seed: it is only kept with the results.',
    );
  }
  return notices;
}
