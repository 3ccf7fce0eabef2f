/** What is done to an experiment, drawn from a seed before it begins: the same seed gives the same plan. */
import { Random } from '../answer/random';

/** How the program is run: a foreground start, or `up` and a start that hands over to it. */
export type Mode = 'foreground' | 'up';

export const TARGETS = ['client', 'temporal', 'guard', 'all', 'simulator'] as const;
export type Target = (typeof TARGETS)[number];

export const WINDOWS = ['before-commit', 'inside-commit', 'after-commit', 'after-batch'] as const;
export type Window = (typeof WINDOWS)[number];

/** One fault. */
export type Fault =
  | { kind: 'kill'; target: Target; awayMs: number; forget: boolean }
  /** The client kills itself when it passes the point for the n-th time. */
  | { kind: 'window'; window: Window; nth: number }
  | { kind: 'terminate' }
  | { kind: 'stop'; ms: number }
  /** Another program holds the lock of a writer. */
  | { kind: 'lock'; ms: number }
  /** A reader keeps a read transaction open. */
  | { kind: 'reader'; ms: number }
  | { kind: 'pause' }
  /** Nobody can write; now and then the client is killed meanwhile. */
  | { kind: 'full'; ms: number; isKilled: boolean };

/** A fault and its moment. */
export interface Step {
  fault: Fault;
  /** Milliseconds after the step begins (`boot`) or after its first call (`work`). It begins a client that has ended. */
  afterMs: number;
  during: 'boot' | 'work';
  /** Two starts in the same instant, where this step finds the client ended. */
  twoStarts: boolean;
}

/** The plan of one experiment. */
export interface Plan {
  seed: number;
  mode: Mode;
  /** Whether the model's faults leave error rows at first, which are asked again at the end. */
  hasErrors: boolean;
  steps: Step[];
}

/** What a plan may contain. */
export interface PlanOptions {
  seed: number;
  mode: Mode | 'mixed';
  /** Whether a disk of our own can be made full. */
  canFillDisk: boolean;
}

const WEIGHTS = {
  client: 6,
  all: 4,
  temporal: 4,
  guard: 2,
  simulator: 3,
  window: 5,
  terminate: 2,
  stop: 1,
  lock: 1,
  reader: 1,
  pause: 1,
  full: 1,
} as const;

/** Few enough to leave something to be done without faults, most often. */
const LEAST_STEPS = 6;
const MORE_STEPS = 9;
/** Long enough for an answer to be refused, and for `status` to be asked. */
const LEAST_FULL_MS = 2500;

/** Draws a plan. */
export function drawPlan({ seed, mode, canFillDisk }: PlanOptions): Plan {
  const random = new Random(seed);
  const drawnMode = random.pick(['foreground', 'up'] as const);
  const hasErrors = random.below(4) === 0;
  const kinds = (Object.keys(WEIGHTS) as (keyof typeof WEIGHTS)[])
    .filter((kind) => canFillDisk || kind !== 'full')
    .flatMap((kind) => Array.from({ length: WEIGHTS[kind] }, () => kind));
  return {
    seed,
    mode: mode === 'mixed' ? drawnMode : mode,
    hasErrors,
    steps: Array.from({ length: LEAST_STEPS + random.below(MORE_STEPS) }, () =>
      drawStep(random, random.pick(kinds)),
    ),
  };
}

function drawStep(random: Random, kind: keyof typeof WEIGHTS): Step {
  const during = random.below(10) < 3 ? 'boot' : 'work';
  const afterMs = during === 'boot' ? 50 + random.below(1450) : 20 + random.below(300);
  return { fault: drawFault(random, kind), during, afterMs, twoStarts: random.below(4) === 0 };
}

function drawFault(random: Random, kind: keyof typeof WEIGHTS): Fault {
  switch (kind) {
    case 'client':
    case 'temporal':
    case 'guard':
      return { kind: 'kill', target: kind, awayMs: 0, forget: false };
    case 'all':
      return { kind: 'kill', target: kind, awayMs: 0, forget: random.below(3) === 0 };
    case 'simulator':
      return { kind: 'kill', target: kind, awayMs: random.below(3000), forget: false };
    case 'window':
      return drawWindow(random);
    case 'terminate':
    case 'pause':
      return { kind };
    case 'stop':
      // Now and then longer than the heartbeats of a batch may stay away.
      return { kind, ms: random.below(6) === 0 ? 24_000 : 1000 + random.below(5000) };
    case 'lock':
      return { kind, ms: 1000 + random.below(6000) };
    case 'reader':
      return { kind, ms: 5000 + random.below(15_000) };
    case 'full': {
      const drawn = random.below(4000);
      return { kind, ms: LEAST_FULL_MS + drawn, isKilled: drawn % 4 === 0 };
    }
  }
}

/** An experiment has few batches. */
function drawWindow(random: Random): Fault {
  const window = random.pick(WINDOWS);
  return { kind: 'window', window, nth: 1 + random.below(window === 'after-batch' ? 3 : 50) };
}

/** One line for a step. */
export function describeStep({ fault, during, afterMs, twoStarts }: Step): string {
  const when = `after ${afterMs} ms${during === 'boot' ? '' : ' of work'}`;
  return `${describeFault(fault)}, ${when}${twoStarts ? ', two starts at once' : ''}`;
}

function describeFault(fault: Fault): string {
  switch (fault.kind) {
    case 'kill': {
      const away = fault.target === 'simulator' ? `, back after ${fault.awayMs} ms` : '';
      return `kill -9 ${fault.target}${away}${fault.forget ? ", delete Temporal's database" : ''}`;
    }
    case 'window':
      return `kill -9 ${fault.window} number ${fault.nth}`;
    case 'terminate':
      return 'SIGTERM';
    case 'pause':
      return 'pause and resume';
    case 'stop':
      return `SIGSTOP for ${fault.ms} ms`;
    case 'lock':
      return `write lock held for ${fault.ms} ms`;
    case 'reader':
      return `read transaction held for ${fault.ms} ms`;
    case 'full':
      return `disk full for ${fault.ms} ms${fault.isKilled ? ', kill -9 client meanwhile' : ''}`;
  }
}
