/** `client watch [EXPERIMENT]`: a live view, from SQLite and the owner's note alone; the work goes on without it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { EXIT, ResultsFileError, type ExitCode } from '../errors';
import { openStoreForReading, type Store } from '../store/open-store';
import type { CommandContext } from './command-context';
import type { CommandDefinition } from './command-definition';
import { exitCodeOf, printOutcome } from './experiment-outcome';
import { noExperiments } from './find-experiment';
import { parsePositive } from './parse-arguments';
import { listenForStop } from './stop-signals';
import { plainLine } from './watch-view/plain-line';
import type { WatchedState } from './watch-view/watched-experiment';
import { Watcher } from './watch-view/watcher';
import type { WatchView } from './watch-view/window-view';

const LOOK_EVERY_MS = 1000;
const DEFAULT_LINE_EVERY_SEC = 60;
/** Enough of a narrative for the widest window. */
const TEXT_LENGTH = 300;

interface WatchFlags {
  every?: number;
  withText?: true;
}

/** `client watch`. */
export const watchCommand: CommandDefinition<WatchFlags> = {
  syntax: 'watch [experiment]',
  summary: 'a live view of an experiment; by default of all that run, else of the latest',
  examples: [
    ['client watch', 'what runs now, in a window of any size; q leaves'],
    ['client watch ID --every 300 > watch.log', 'without a terminal: a line every five minutes'],
  ],
  declareOptions: (command) =>
    command
      .option(
        '--every <seconds>',
        `without a terminal: seconds from one line to the next; default ${DEFAULT_LINE_EVERY_SEC}`,
        parsePositive,
      )
      .option('--with-text', 'show the beginning of the narratives beside the last answers'),
  run: (context, { every, withText }, argument) =>
    watch(context, argument(0), {
      lineEveryMs: (every ?? DEFAULT_LINE_EVERY_SEC) * 1000,
      textLength: withText === true ? TEXT_LENGTH : 0,
    }),
};

/** How to watch. */
export interface WatchOptions {
  lineEveryMs: number;
  /** Characters of each of the last narratives; 0 = none. */
  textLength: number;
}

/** Shows what is worked on until it ends or the watcher leaves. Throws ExperimentNotFoundError, ResultsFileError. */
export async function watch(
  context: CommandContext,
  experimentId: string | undefined,
  options: WatchOptions,
): Promise<ExitCode> {
  const { resultsFile, output } = context;
  const store = openStoreForReading(resultsFile);
  if (store === null) throw noExperiments(resultsFile);
  const watcher = new Watcher(store, experimentId, options.textLength);
  const leaving = new AbortController();
  const signals = listenForStop(
    () => leaving.abort(),
    () => process.exit(EXIT.completed),
  );
  const view = await createView(context, options, () => leaving.abort());
  try {
    let state = watcher.look();
    if (!watcher.isOver(state, view.isPersistent)) view.begin(state);
    while (!watcher.isOver(state, view.isPersistent)) {
      await sleep(LOOK_EVERY_MS, undefined, { signal: leaving.signal }).catch(() => {});
      if (leaving.signal.aborted) break;
      if (store.tripwire.check() !== null) throw replaced(resultsFile);
      state = watcher.look();
      view.show(state);
    }
    view.end();
    if (leaving.signal.aborted) {
      if (view.isPersistent) output.message('Left the view; the work goes on.');
      return EXIT.completed;
    }
    return printEnd(context, store, state);
  } finally {
    view.end();
    signals.dispose();
    store.close();
  }
}

/** Prints how each has ended; one document for all with `--json`. Gives the highest exit code. */
function printEnd(context: CommandContext, store: Store, { experiments }: WatchedState): ExitCode {
  const { output } = context;
  const documents: unknown[] = [];
  const collected = experiments.length === 1 ? output : output.collecting(documents);
  for (const { report } of experiments)
    printOutcome({ ...context, output: collected }, store, report.experiment_id);
  if (output.isJson && experiments.length > 1) output.facts(documents, () => '');
  return Math.max(...experiments.map(({ report }) => exitCodeOf(report.status))) as ExitCode;
}

/** What draws the window is loaded only for one. */
async function createView(
  context: CommandContext,
  options: WatchOptions,
  onLeave: () => void,
): Promise<WatchView> {
  const { output, environment } = context;
  const isWindow = output.isTerminal && !output.isJson && environment.TERM !== 'dumb';
  if (!isWindow) return lineView(context, options.lineEveryMs);
  const { windowView } = await import('./watch-view/window-view.js');
  const keyboard = process.stdin.isTTY ? process.stdin : null;
  return windowView(process.stdout, keyboard, { hasColours: !environment.NO_COLOR, onLeave });
}

function lineView({ output }: CommandContext, lineEveryMs: number): WatchView {
  const printed = new Map<string, { atMs: number; status: string }>();
  const show = ({ experiments, now, trouble }: WatchedState): void => {
    for (const watched of experiments) {
      const { experiment_id: id, status, status_reason: reason } = watched.report;
      const said = `${trouble ?? ''} ${status} ${status === 'waiting_llm' ? '' : (reason ?? '')}`;
      const last = printed.get(id);
      if (last?.status === said && performance.now() - last.atMs < lineEveryMs) continue;
      printed.set(id, { atMs: performance.now(), status: said });
      output.message(trouble === null ? plainLine(watched, now) : trouble);
    }
  };
  return { isPersistent: false, begin: show, show, end: () => {} };
}

function replaced(resultsFile: string): ResultsFileError {
  return new ResultsFileError(
    resultsFile,
    'it was deleted or replaced while it was watched',
    'Look at what stands there now with: client list',
  );
}
