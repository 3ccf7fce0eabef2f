import type { ProblemList } from './problem-list';
import type { ConfigInput } from './schema';

/** Reports a config that asks for the first texts and for a sample at once. */
export function checkSelection(input: ConfigInput | null, problems: ProblemList): void {
  if (input?.run.sample === undefined || input.run.max_narratives === undefined) return;
  problems.add(['run', 'sample'], 'cannot stand beside run.max_narratives. Leave one of them out');
}
