/** Gathers the problems of a config, so that all of them are told at once. */
import type { ConfigProblem } from '../errors';

/** Keys from the root down to a value; numbers are places in a list, counted from 0. */
export type ConfigPath = readonly (string | number)[];

export class ProblemList {
  private readonly problems: ConfigProblem[] = [];

  /** `lineOf` gives the 1-based line of a path or of the nearest section above it; null = nowhere in the file. */
  constructor(readonly lineOf: (path: ConfigPath) => number | null) {}

  /** Adds a problem of the value, or of the missing value, at a path. */
  add(path: ConfigPath, message: string): void {
    this.problems.push({ path: path.join('.'), line: this.lineOf(path), message });
  }

  /** Adds a problem whose line is known. */
  addAtLine(path: ConfigPath, line: number | null, message: string): void {
    this.problems.push({ path: path.join('.'), line, message });
  }

  /** Whether this very path has a problem already. */
  has(path: ConfigPath): boolean {
    const dotted = path.join('.');
    return this.problems.some((problem) => problem.path === dotted);
  }

  isEmpty(): boolean {
    return this.problems.length === 0;
  }

  /** All problems in the order of the file; those without a line come first. */
  sorted(): ConfigProblem[] {
    return [...this.problems].sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
  }
}
