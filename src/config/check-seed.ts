import type { ProblemList } from './problem-list';
import { CONFIG_DEFAULTS } from './defaults';
import type { ConfigInput } from './schema';

/** Reports a seed that would make MLX serve one call at a time while several are wanted. */
export function checkSeed(input: ConfigInput | null, problems: ProblemList): void {
  if (input === null || input.model.send_seed !== true || !/^\s*mlx/i.test(input.model.provider ?? ''))
    return;
  const concurrency = input.run.concurrency ?? CONFIG_DEFAULTS.concurrency;
  if (concurrency === 1) return;
  problems.add(
    ['model', 'send_seed'],
    `makes MLX serve one call at a time, and run.concurrency is ${concurrency}. Leave it out, or set run.concurrency: 1`,
  );
}
