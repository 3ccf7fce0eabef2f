import { readFileSync } from 'node:fs';
import path from 'node:path';
import { DEFAULT_ANSWER_SETTINGS } from '../../src/answer/answer-settings';
import type { AnswerHint, ReplyText } from '../../src/answer/parse-answer';
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
  hint?: Partial<AnswerHint>;
  error_message?: string;
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

const all = JSON.parse(readFileSync(path.join(__dirname, 'answer-cases.json'), 'utf8')) as AnswerCase[];
const cases = all.filter(({ body }) => body === undefined);
const bodies = all.filter(({ body }) => body !== undefined);

describe('parseAnswer over the shared cases', () => {
  it('loads them all', () => {
    expect(all).toHaveLength(154);
  });

  it.each(cases)('reads case $id, $name, as expected', (answerCase) => {
    expect(differencesOf(answerCase)).toContainEqual([]);
  });

  it.each(bodies)('keeps what the server says in case $id, $name', ({ body, expect: { error_message } }) => {
    expect(() => readReply(body!)).toThrow(
      expect.objectContaining({ serverMessage: error_message }) as Error,
    );
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
  if (parsed.kind === 'error') {
    const wrongHints = Object.entries(wanted.hint ?? {})
      .filter(([name, value]) => parsed.hint[name as keyof AnswerHint] !== value)
      .map(([name]) => `hint ${name}`);
    return [...(parsed.code === wanted.error ? [] : [`error ${parsed.code}`]), ...wrongHints];
  }
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
  const decisionAliases = answerCase.config?.decision_aliases ?? [];
  return parseAnswer(replyOf(answerCase), { ...DEFAULT_ANSWER_SETTINGS, decisionAliases });
}

function replyOf({ content, generator, message, finish_reason = 'stop' }: AnswerCase): ReplyText {
  if (message !== undefined) return readReply(JSON.stringify({ choices: [{ message, finish_reason }] }));
  const text = generator === undefined ? content : generate(generator);
  if (text === undefined) throw new Error('the case has no content');
  return { content: text, reasoning: null, refusal: null, finishReason: finish_reason };
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
