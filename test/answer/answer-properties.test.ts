import fc from 'fast-check';
import type { ParsedAnswer } from '../../src/answer/parse-answer';
import { parseAnswer } from '../../src/answer/parse-answer';
import { WRAPPERS } from './wrappers';

interface Written {
  detected: boolean;
  confidence: number;
  indicators: string[];
  rationale: string;
}

// Texts that tempt a parser: what looks like markup, brackets, keys and decisions, inside a string.
const temptingText = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 20 }),
      fc.constantFrom(
        '{',
        '}',
        '[',
        ']',
        '"',
        "'",
        '\\',
        '`',
        ',',
        ':',
        '\n',
        '```',
        '\n```json\n',
        'assistantfinal',
      ),
      fc.constantFrom(
        '<think>',
        '</think>',
        '<|channel|>final<|message|>',
        '<|end|>',
        '"detected": true',
        'detected',
      ),
      fc.constantFrom('{"detected": false}', '{"detected": true}', 'analysis'),
    ),
    { maxLength: 6 },
  )
  .map((parts) => parts.join(''));

/** Text without the markers that some wrappers are made of; those may not stand in what they wrap. */
const plainText = temptingText.map((text) => text.replace(/<|assistantfinal|analysis/g, ''));

function written(text: fc.Arbitrary<string>): fc.Arbitrary<Written> {
  return fc.record({
    detected: fc.boolean(),
    confidence: fc.integer({ min: 0, max: 100 }).map((percent) => percent / 100),
    indicators: fc.array(text, { maxLength: 5 }),
    rationale: text,
  });
}

const indent = fc.constantFrom(undefined, 2, '\t');

describe('parseAnswer', () => {
  it.each(WRAPPERS)('reads every answer alike when it is wrapped in %s', (_name, wrap) => {
    fc.assert(
      fc.property(written(plainText), indent, (answer, space) => {
        expect(recordOf(parse(wrap(JSON.stringify(answer, null, space))))).toEqual(answer);
      }),
      { numRuns: 60 },
    );
  });

  it('knows thirty wrappers', () => {
    expect(new Set(WRAPPERS.map(([name]) => name)).size).toBe(30);
  });

  it('reads every bare answer as written, whatever its strings hold', () => {
    fc.assert(
      fc.property(written(temptingText), indent, (answer, space) => {
        expect(recordOf(parse(JSON.stringify(answer, null, space)))).toEqual(answer);
      }),
      { numRuns: 300 },
    );
  });

  it.each(['stop', 'length', null])(
    'gives the true decision or an error for every prefix of an answer that ends with %s',
    (finishReason) => {
      fc.assert(
        fc.property(written(temptingText), indent, (answer, space) => {
          const json = JSON.stringify(answer, null, space);
          for (let length = 0; length < json.length; length += 1) {
            expect(parse(json.slice(0, length), finishReason).kind).toBe('error');
          }
        }),
        { numRuns: 40 },
      );
    },
  );

  it('never gives the opposite decision when one character of an answer is lost, doubled or replaced', () => {
    const damage = fc.record({
      at: fc.nat(),
      put: fc.constantFrom('', '{', '}', '[', ']', '"', "'", ',', ':', '\\', '\n', '`', ' ', 'x', '0'),
      keeps: fc.boolean(),
    });
    fc.assert(
      fc.property(written(temptingText), damage, (answer, { at, put, keeps }) => {
        const json = JSON.stringify(answer);
        const example = JSON.stringify({ detected: !answer.detected, confidence: 0.5 });
        const index = at % json.length;
        const damaged = json.slice(0, index) + put + json.slice(keeps ? index : index + 1);
        expect([answer.detected, 'error']).toContain(decisionOf(parse(damaged)));
        const afterExample = parse(`The format is ${example}.\n\nMy answer:\n${damaged}`);
        expect([answer.detected, 'error']).toContain(decisionOf(afterExample));
      }),
      { numRuns: 1500 },
    );
  });

  it('gives an answer or an error for any text and never throws', () => {
    const anyText = fc.oneof(fc.string({ unit: 'binary' }), temptingText, fc.json());
    const anyReply = fc.record({
      content: fc.option(anyText),
      reasoning: fc.option(anyText),
      refusal: fc.constantFrom(null, 'No.'),
      finishReason: fc.option(fc.constantFrom('stop', 'length', '')),
    });
    fc.assert(
      fc.property(anyReply, (reply) => {
        expect(['answer', 'error']).toContain(parseAnswer(reply).kind);
      }),
      { numRuns: 1500 },
    );
  });
});

function parse(content: string, finishReason: string | null = 'stop'): ParsedAnswer {
  return parseAnswer({ content, reasoning: null, refusal: null, finishReason });
}

function decisionOf(parsed: ParsedAnswer): boolean | 'error' {
  return parsed.kind === 'answer' ? parsed.answer.detected : 'error';
}

function recordOf(parsed: ParsedAnswer): Written | string {
  if (parsed.kind === 'error') return parsed.code;
  const { detected, confidence, indicators, rationale } = parsed.answer;
  return { detected, confidence: confidence ?? NaN, indicators, rationale: rationale ?? 'none' };
}
