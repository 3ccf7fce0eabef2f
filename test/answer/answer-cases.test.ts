import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { ReplyText } from '../../src/answer/parse-answer';
import { parseAnswer } from '../../src/answer/parse-answer';
import { readReply } from '../../src/llm/read-reply';

interface Expectation {
  detected: boolean | null;
  confidence: number | null;
  indicators?: string[];
  rationale?: string | null;
  reasoning?: string;
  confidence_text?: string;
  indicators_max?: number;
  indicators_exclude?: string[];
  error?: string;
  notes?: string[];
  forbidden_notes?: string[];
  max_ms?: number;
}

interface AnswerCase {
  id: string;
  name: string;
  content?: string;
  generator?: { kind: string; count: number; depth: number; closed: boolean } & {
    bytes: number;
    unescaped_quotes: boolean;
  };
  message?: object;
  body?: string;
  finish_reason?: string;
  config?: { decision_aliases: string[] };
  expect: Expectation;
  also_allowed?: Expectation[];
}

/** Replies that are JSON only after a repair, which the parser does not do yet; each must end as an error until then. */
const NEED_REPAIR: readonly string[] =
  '7a 7b 8 10a 10b 10c 11a 11b 12a 12b 13 27a 27b 27c 28a 29b 29c 29d 30b 31a 31b 33d 33e G2 G5a G5b G6'.split(
    ' ',
  );

const cases = (
  JSON.parse(readFileSync(path.join(__dirname, 'answer-cases.json'), 'utf8')) as AnswerCase[]
).filter(({ body }) => body === undefined);
const readNow = cases.filter(({ id }) => !NEED_REPAIR.includes(id));
const needRepair = cases.filter(({ id }) => NEED_REPAIR.includes(id));

describe('parseAnswer over the shared cases', () => {
  it.each(readNow)('reads case $id, $name, as expected', (answerCase) => {
    expect(differencesOf(answerCase)).toContainEqual([]);
  });

  it.each(needRepair)('gives an error for case $id, $name, and no decision', (answerCase) => {
    expect(read(answerCase).kind).toBe('error');
    expect(differencesOf(answerCase)).not.toContainEqual([]);
  });

  it('knows every id in the list of replies that need a repair', () => {
    expect(needRepair.map(({ id }) => id).sort()).toEqual([...NEED_REPAIR].sort());
  });

  it.each(cases.filter(({ expect: { max_ms } }) => max_ms !== undefined))(
    'ends case $id, $name, within $expect.max_ms ms',
    (answerCase) => {
      const reply = replyOf(answerCase);
      const durationsMs = [1, 2, 3].map(() => {
        const startedMs = performance.now();
        parseAnswer(reply);
        return performance.now() - startedMs;
      });
      expect(Math.min(...durationsMs)).toBeLessThan(answerCase.expect.max_ms ?? 0);
    },
  );

  it('leaves every object without new properties', () => {
    cases.forEach(read);
    const object = {} as Record<string, unknown>;
    expect([object.polluted, object.detected]).toEqual([undefined, undefined]);
  });
});

/** For each allowed reading, what is different from it. */
function differencesOf(answerCase: AnswerCase): string[][] {
  return [answerCase.expect, ...(answerCase.also_allowed ?? [])].map((wanted) =>
    differences(answerCase, wanted),
  );
}

function differences(answerCase: AnswerCase, wanted: Expectation): string[] {
  const parsed = read(answerCase);
  if (parsed.kind === 'error') return parsed.code === wanted.error ? [] : [`error ${parsed.code}`];
  const { answer } = parsed;
  const exact: [string, unknown, unknown][] = [
    ['error', undefined, wanted.error],
    ['detected', answer.detected, wanted.detected],
    ['confidence', answer.confidence, wanted.confidence],
    ['indicators', answer.indicators, wanted.indicators ?? answer.indicators],
    ['rationale', answer.rationale, wanted.rationale === undefined ? answer.rationale : wanted.rationale],
    ['reasoning', answer.reasoning, wanted.reasoning ?? answer.reasoning],
    ['confidence text', answer.confidenceText, wanted.confidence_text ?? answer.confidenceText],
  ];
  const found = exact
    .filter(([, actual, expected]) => JSON.stringify(actual) !== JSON.stringify(expected))
    .map(([name, actual]) => `${name} ${JSON.stringify(actual)}`);
  const notes: readonly string[] = answer.notes;
  const missing = (wanted.notes ?? []).filter((note) => !notes.includes(note));
  const forbidden = (wanted.forbidden_notes ?? []).filter((note) => notes.includes(note));
  const excluded = (wanted.indicators_exclude ?? []).filter((text) => answer.indicators.includes(text));
  const tooMany = answer.indicators.length > (wanted.indicators_max ?? Infinity) ? ['too many'] : [];
  return [...found, ...missing, ...forbidden, ...excluded, ...tooMany];
}

function read(answerCase: AnswerCase) {
  return parseAnswer(replyOf(answerCase), { decisionAliases: answerCase.config?.decision_aliases });
}

function replyOf({ content, generator, message, finish_reason = 'stop' }: AnswerCase): ReplyText {
  if (message !== undefined) return readReply(JSON.stringify({ choices: [{ message, finish_reason }] }));
  const text = generator === undefined ? content : generate(generator);
  if (text === undefined) throw new Error('the case has no content');
  return { content: text, reasoning: null, finishReason: finish_reason };
}

function generate(generator: NonNullable<AnswerCase['generator']>): string {
  switch (generator.kind) {
    case 'many_indicators': {
      const indicators = Array.from({ length: generator.count }, (_, index) => `indicator ${index + 1}`);
      return JSON.stringify({ detected: true, confidence: 0.8, indicators, rationale: 'See the text.' });
    }
    case 'nesting': {
      const { depth, closed } = generator;
      return '{"a":'.repeat(depth) + (closed ? `1${'}'.repeat(depth)}` : '');
    }
    case 'long_rationale': {
      const sentence = generator.unescaped_quotes ? 'He said "no" to her. ' : 'He said no to her. ';
      const rationale = sentence
        .repeat(Math.ceil(generator.bytes / sentence.length))
        .slice(0, generator.bytes);
      return `{"detected": true, "confidence": 0.8, "indicators": [], "rationale": "${rationale}"}`;
    }
    default:
      throw new Error(`unknown generator ${generator.kind}`);
  }
}
