/** What a person is told at the end of a start or resume, and the exit code that says the same. */
import { EXIT, type ExitCode } from '../errors';
import type { ExperimentStatus } from '../experiment';
import type { Store } from '../store/open-store';
import type { CommandContext } from './command-context';
import type { StartDecision } from './decide-start';
import { finalMetrics, formatStatus, reportStatus } from './experiment-status';

/** The exit code that tells how an experiment stands. */
export function exitCodeOf(status: ExperimentStatus): ExitCode {
  switch (status) {
    case 'completed':
      return EXIT.completed;
    case 'completed_with_errors':
      return EXIT.completedWithErrors;
    case 'failed':
      return EXIT.unexpected;
    case 'pending':
    case 'running':
    case 'waiting_llm':
    case 'paused':
    case 'cancelled':
      return EXIT.stopped;
  }
}

/** Says that there is nothing to do. */
export function printNothingToDo(
  context: CommandContext,
  store: Store,
  decision: StartDecision & { kind: 'nothing' },
): ExitCode {
  context.output.message(decision.message);
  printOutcome(context, store, decision.experimentId);
  return decision.exitCode;
}

/** Prints how the experiment stands and the command that goes on from here. */
export function printOutcome({ output }: CommandContext, store: Store, experimentId: string): void {
  const row = store.experiments.get(experimentId)!;
  const report = reportStatus(store, row, null);
  output.facts(report, () =>
    [
      '',
      formatStatus(report, finalMetrics(store, row)),
      ...nextStep(row.status, experimentId, store.file),
    ].join('\n'),
  );
}

function nextStep(status: ExperimentStatus, experimentId: string, db: string): string[] {
  const command = `client resume ${experimentId} --db ${db}`;
  if (status === 'completed_with_errors') return [`To ask the errors again: ${command} --retry-errors`];
  return exitCodeOf(status) === EXIT.stopped ? [`To go on: ${command}`] : [];
}
