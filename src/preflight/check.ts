/** What is looked at before the first narrative, in the order in which it is told. */
export type CheckName =
  'reachable' | 'key' | 'model' | 'parameters' | 'answer' | 'longest narrative' | 'time' | 'disk';

/** One check; `fail` = the job would not do what it is meant to. */
export interface Check {
  name: CheckName;
  outcome: 'ok' | 'warn' | 'fail';
  /** What was found, in words that quote neither a text nor a reply. */
  detail: string;
  /** What to do about it; null = nothing needs doing. */
  remedy: string | null;
}

/** A check that found all well. */
export function ok(name: CheckName, detail: string): Check {
  return { name, outcome: 'ok', detail, remedy: null };
}

/** A check that found something to know, which need not stop anybody. */
export function warn(name: CheckName, detail: string, remedy: string): Check {
  return { name, outcome: 'warn', detail, remedy };
}

/** A check that found the server, or what it runs on, unfit. */
export function fail(name: CheckName, detail: string, remedy: string): Check {
  return { name, outcome: 'fail', detail, remedy };
}
