/** Runs made-up replies through the parser and counts what it makes of them. */
import { parseAnswer, type ParsedAnswer } from '../../src/answer/parse-answer';
import { LARGE_REPLIES } from './large-replies';
import { Random } from './random';
import { makeCase, MAKERS, type FuzzCase, type WrittenAnswer } from './random-answers';

const SLOW_MS = 3;
const MOST_TRIES = 4;

export interface FuzzGroup {
  cases: number;
  answers: number;
  slowestMs: number;
}

export interface FuzzReport {
  seed: number;
  groups: Map<string, FuzzGroup>;
  wrong: FuzzCase[];
  /** Whole answers that were not read as they were meant. */
  lost: FuzzCase[];
}

/** Every group gets an equal share of the cases. */
export function fuzz({ cases, seed }: { cases: number; seed: number }): FuzzReport {
  const random = new Random(seed);
  const names = Object.keys(MAKERS);
  const report: FuzzReport = { seed, groups: new Map(), wrong: [], lost: [] };
  for (let index = 0; index < cases; index += 1)
    runCase(makeCase(random, names[index % names.length]!), report);
  return report;
}

function runCase(fuzzCase: FuzzCase, { groups, wrong, lost }: FuzzReport): void {
  const { group, answer, isWhole } = fuzzCase;
  const counts = groups.get(group) ?? { cases: 0, answers: 0, slowestMs: 0 };
  groups.set(group, counts);
  const { parsed, durationMs } = timed(fuzzCase);
  counts.slowestMs = Math.max(counts.slowestMs, durationMs);
  counts.cases += 1;
  if (parsed.kind === 'answer') counts.answers += 1;
  if (parsed.kind === 'answer' && parsed.answer.detected !== answer.detected) wrong.push(fuzzCase);
  if (isWhole && !isSame(parsed, answer)) lost.push(fuzzCase);
}

/** The replies of large-replies.ts by the time they take, slowest first. */
export function timeLargeReplies(): { name: string; durationMs: number; parsed: ParsedAnswer }[] {
  return LARGE_REPLIES.map(([name, text]) => ({ name, ...timed({ text, finishReason: 'stop' }) })).sort(
    (a, b) => b.durationMs - a.durationMs,
  );
}

/** One that seems slow is parsed again: most often the machine was busy with something else. */
function timed({ text, finishReason }: Pick<FuzzCase, 'text' | 'finishReason'>): {
  parsed: ParsedAnswer;
  durationMs: number;
} {
  let durationMs = Infinity;
  for (let tries = 0; ; tries += 1) {
    const startedMs = performance.now();
    const parsed = parseAnswer({ content: text, reasoning: null, refusal: null, finishReason });
    durationMs = Math.min(durationMs, performance.now() - startedMs);
    if (durationMs < SLOW_MS || tries === MOST_TRIES) return { parsed, durationMs };
  }
}

function isSame(parsed: ParsedAnswer, written: WrittenAnswer): boolean {
  if (parsed.kind === 'error') return false;
  const { detected, confidence, indicators, rationale } = parsed.answer;
  return (
    detected === written.detected &&
    confidence === written.confidence &&
    rationale === written.rationale &&
    JSON.stringify(indicators) === JSON.stringify(written.indicators)
  );
}

/** A table of the groups, and what went wrong. */
export function formatFuzzReport({ seed, groups, wrong, lost }: FuzzReport): string {
  const all = [...groups.values()];
  const cases = all.reduce((sum, group) => sum + group.cases, 0);
  const rows = [...groups].map(([name, group]) => {
    const share = ((100 * group.answers) / group.cases).toFixed(2).padStart(7);
    return `${name.padEnd(38)}${String(group.cases).padStart(9)}${share} %${group.slowestMs.toFixed(2).padStart(9)} ms`;
  });
  return [
    `seed ${seed}`,
    `${'GROUP'.padEnd(38)}${'CASES'.padStart(9)}${'ANSWERED'.padStart(9)}${'SLOWEST'.padStart(12)}`,
    ...rows,
    `${cases} cases, ${wrong.length} wrong decisions, ${lost.length} whole answers lost, slowest ${Math.max(...all.map(({ slowestMs }) => slowestMs)).toFixed(2)} ms`,
    ...wrong.slice(0, 10).map(({ group, text }) => `wrong (${group}): ${JSON.stringify(text)}`),
    ...lost.slice(0, 10).map(({ group, text }) => `lost (${group}): ${JSON.stringify(text)}`),
  ].join('\n');
}
