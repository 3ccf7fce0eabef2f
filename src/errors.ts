/**
 * Errors that a user can understand and mend. Each carries its facts as fields and the exit code of the command
 * that meets it. Messages say what happened, to what, and what to do next; they never quote a text, prompt or key.
 */

/** Exit codes of every command. */
export const EXIT = {
  completed: 0,
  unexpected: 1,
  userCanMend: 2,
  heldByAnother: 3,
  changed: 4,
  completedWithErrors: 5,
  stopped: 6,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Base of all errors that are printed as one message without a stack. */
export class LonghaulError extends Error {
  constructor(
    message: string,
    readonly exitCode: ExitCode = EXIT.userCanMend,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** One problem of a config: where it stands and what is wrong. */
export interface ConfigProblem {
  /** Dotted key, such as `model.temperature`; empty for the file as a whole. */
  path: string;
  /** 1-based line in the config file; null where it has none. */
  line: number | null;
  message: string;
}

/** Thrown when a config file is missing, unreadable or wrong; holds every problem at once. */
export class ConfigError extends LonghaulError {
  constructor(
    readonly file: string,
    readonly problems: readonly ConfigProblem[],
  ) {
    super(formatProblems(file, problems));
  }
}

function formatProblems(file: string, problems: readonly ConfigProblem[]): string {
  const lines = problems.map(
    ({ path, line, message }) =>
      `  ${line === null ? '' : `line ${line}: `}${path === '' ? '' : `${path}: `}${message}`,
  );
  const count = problems.length === 1 ? 'one problem' : `${problems.length} problems`;
  return [`${file} has ${count}:`, ...lines].join('\n');
}

/** Thrown when a data file is missing, empty, damaged, not recognised, or without a usable narrative. */
export class DatasetError extends LonghaulError {
  constructor(
    readonly file: string,
    reason: string,
    remedy: string,
    options?: ErrorOptions,
  ) {
    super(`Data file ${file}: ${reason}. ${remedy}`, EXIT.userCanMend, options);
  }
}

/** Thrown when a results file cannot be opened: not SQLite, foreign, older, newer, damaged or not writable. */
export class ResultsFileError extends LonghaulError {
  constructor(
    readonly file: string,
    reason: string,
    remedy: string,
    options?: ErrorOptions,
  ) {
    super(`Results file ${file}: ${reason}. ${remedy}`, EXIT.userCanMend, options);
  }
}

/** Thrown when the results file or its log was deleted or replaced while it was open; `rescued` holds all answers. */
export class ResultsFileReplacedError extends LonghaulError {
  constructor(
    readonly file: string,
    readonly rescued: string,
    what: string,
  ) {
    super(
      `Stopped: ${what}. All that this run knew is in ${rescued}; nothing is lost. ` +
        `Whatever stands at ${file} now is not it. To go on: client resume --db ${rescued}\n` +
        `To give it its old name: when no program has it open, remove ${file}, ${file}-wal and ${file}-shm ` +
        '(keep a copy if they may be of use), then rename it.',
      EXIT.unexpected,
    );
  }
}

/** Thrown when the Temporal CLI is not found and cannot be fetched, or its server does not start. */
export class TemporalUnavailableError extends LonghaulError {}

/** Thrown when a host is neither loopback nor in `model.allowed_hosts`. */
export class HostNotAllowedError extends LonghaulError {
  constructor(readonly origin: string) {
    super(
      `The model server ${origin} is neither on this machine nor allowed. Texts leave for nothing but allowed hosts. ` +
        `To allow it, add under "model:" in the config:\n  allowed_hosts: ["${origin}"]\n` +
        `or set LONGHAUL_ALLOWED_HOSTS=${origin}`,
    );
  }
}

/** Thrown when another live process owns the results file. */
export class HeldByAnotherError extends LonghaulError {
  constructor(
    message: string,
    readonly holder: {
      pid: number | null;
      host: string | null;
      since: string | null;
      workflowId: string | null;
    },
  ) {
    super(message, EXIT.heldByAnother);
  }
}

/** Thrown when the config or the source differs from the experiment that a start would continue. */
export class ExperimentChangedError extends LonghaulError {
  constructor(
    readonly experimentId: string,
    message: string,
  ) {
    super(message, EXIT.changed);
  }
}

/** Thrown when no experiment fits the id or the request. */
export class ExperimentNotFoundError extends LonghaulError {}
