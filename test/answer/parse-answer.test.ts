import { ANSWER_ERRORS } from '../../src/answer/answer-errors';
import type { AnswerSettings } from '../../src/answer/answer-settings';
import { DEFAULT_ANSWER_SETTINGS } from '../../src/answer/answer-settings';
import type { ReplyText } from '../../src/answer/parse-answer';
import { PARSER_VERSION, parseAnswer } from '../../src/answer/parse-answer';
import { ERROR_CATEGORIES } from '../../src/experiment';
import { LARGE_REPLIES } from './large-replies';

const TRUE = '{"detected": true, "confidence": 0.9}';
const FALSE = '{"detected": false, "confidence": 0.8}';

function parse(
  content: string | null,
  more: Partial<ReplyText> = {},
  settings: Partial<AnswerSettings> = {},
) {
  const reply = { content, reasoning: null, refusal: null, finishReason: 'stop', ...more };
  return parseAnswer(reply, { ...DEFAULT_ANSWER_SETTINGS, ...settings });
}

/** The decision, or the code of the error. */
function outcomeOf(content: string | null, more: Partial<ReplyText> = {}): boolean | string {
  const parsed = parse(content, more);
  return parsed.kind === 'answer' ? parsed.answer.detected : parsed.code;
}

describe('parseAnswer', () => {
  it('carries a whole number as its version', () => {
    expect(Number.isSafeInteger(PARSER_VERSION)).toBe(true);
  });

  it('gives every field of a plain answer', () => {
    const content = '{"detected": "yes", "confidence": "85%", "indicators": "a; b", "rationale": ["x", "y"]}';
    expect(parse(content, { reasoning: ' It says so. ' })).toEqual({
      kind: 'answer',
      answer: {
        detected: true,
        confidence: 0.85,
        confidenceText: null,
        indicators: ['a', 'b'],
        rationale: 'x y',
        reasoning: 'It says so.',
        fields: JSON.stringify(JSON.parse(content)),
        notes: ['confidence_percent', 'indicators_split'],
      },
    });
  });

  it.each([
    ['cut inside', `The format is ${TRUE}. Mine: {"detected": fal`, 'truncated'],
    ['cut before its first key', `The format is ${TRUE}. Mine: {`, 'truncated'],
    ['cut inside a list', `The format is ${TRUE}. Mine: [${FALSE}`, 'truncated'],
    ['written with single quotes', `The format is ${TRUE}. Mine: {'detected': false}`, false],
    ['written with smart quotes', `The format is ${TRUE}. Mine: {“detected”: false}`, false],
    ['written without quotes', `The format is ${TRUE}. Mine: {detected: false}`, false],
    ['without a bracket', `The format is ${TRUE}. Mine: {"x": [1, "detected": false}`, 'unparsable'],
    ['escaped', `The format is ${TRUE}. Mine: {\\"detected\\": false}`, 'unparsable'],
    ['no decision', `The format is ${TRUE}. Mine: {"detected": null}`, 'no_decision'],
    ['YAML', `The format is ${TRUE}. Mine:\ndetected: false`, 'unparsable'],
    ['Markdown', `The format is ${TRUE}. Mine:\n**Detected**: **No**`, 'unparsable'],
    ['without its opening brace', `The format is ${TRUE}. Mine: "detected": false}`, 'unparsable'],
    [
      'in pieces',
      `The format is ${TRUE}. Mine: {}etected": false, "confidence": 0.9} {"a": 1}`,
      'unparsable',
    ],
    ['misspelt', `The format is ${TRUE}. Mine: {"detetced": false, "confidence": 0.9}`, 'no_decision'],
    ['a list that disagrees', `The format is ${TRUE}. Mine: [${TRUE}, ${FALSE}]`, 'ambiguous'],
  ])('takes no example for the answer when the answer is %s', (_case, content, code) => {
    expect(outcomeOf(content)).toBe(code);
  });

  it.each([
    ['an unparsable object', `{"about" 'x', "inner": ${TRUE}}`, 'unparsable'],
    ['an object in single quotes', `{"about": 'x', "inner": ${TRUE}}`, 'no_decision'],
    ['an object that is never closed', `{"about": "x", "inner": ${TRUE}`, 'truncated'],
    ['unescaped quotes', `{"detected": false, "rationale": "He wrote "${TRUE}" to her"}`, 'unparsable'],
    [
      'a fence inside unescaped quotes',
      `{"detected": false, "rationale": "Text:\n\`\`\`\n${TRUE}\n\`\`\`\nend"}`,
      'unparsable',
    ],
    ['a field of another name', `{"example": ${TRUE}}`, 'no_decision'],
    ['two envelopes', `{"result": {"answer": ${TRUE}}}`, 'no_decision'],
  ])('takes no decision from inside %s', (_case, content, code) => {
    expect(outcomeOf(content)).toBe(code);
  });

  it.each([
    ['a template', `${TRUE}\nas in {"detected": true/false, "confidence": 0.0-1.0}`],
    ['an object about something else', `${TRUE}\n{"tokens": 12}`],
    ['an unreadable object about something else', `${TRUE}\n{note: "none"}`],
    ['braces in prose', `${TRUE}\nThank you {smile} and {so on\nBye.`],
    ['prose that says the same', `${TRUE}\ndetected: true, signs detected: verbal threats`],
    ['doubled braces around', `{${TRUE}}`],
    ['broken attempts before', `{'detected': false}\nAgain, as JSON:\n${TRUE}`],
  ])('reads the answer beside %s', (_case, content) => {
    expect(outcomeOf(content)).toBe(true);
  });

  it('notes two objects that disagree, whatever stands between them', () => {
    const parsed = parse(`${FALSE} or rather\n\`\`\`json\n${TRUE}\n\`\`\``);
    expect(parsed).toMatchObject({ kind: 'answer', answer: { detected: true, notes: ['ambiguous'] } });
  });

  it.each(['length', ' LENGTH', 'max_tokens', 'model_length'])(
    'takes nothing from a reply that ended with %s',
    (finishReason) => {
      expect(outcomeOf(TRUE, { finishReason })).toBe('truncated');
      expect(outcomeOf(null, { finishReason, reasoning: TRUE })).toBe('truncated');
      expect(outcomeOf(' \n', { finishReason })).toBe('truncated');
    },
  );

  it('tells what the content filter withheld from what the token limit cut', () => {
    const finishReason = 'content_filter';
    expect(outcomeOf(TRUE, { finishReason })).toBe('content_filter');
    expect(outcomeOf(null, { finishReason })).toBe('content_filter');
    expect(ANSWER_ERRORS.content_filter.category).toBe('content_filter');
  });

  it.each([
    ['no content', null, null, 'refusal'],
    ['empty content', '', null, 'refusal'],
    ['other prose', 'As you wish.', null, 'refusal'],
    ['an answer in the reasoning', null, TRUE, 'refusal'],
    ['an answer', TRUE, null, true],
  ])('reads a refusal beside %s', (_case, content, reasoning, expected) => {
    expect(outcomeOf(content, { refusal: 'I must decline.', reasoning })).toBe(expected);
  });

  it.each([null, 'stop', 'tool_calls'])('reads a whole reply that ended with %s', (finishReason) => {
    expect(outcomeOf(TRUE, { finishReason })).toBe(true);
  });

  it.each([
    ['a whole object', TRUE, true],
    ['a whole object in an envelope', `{"answer": ${FALSE}}`, false],
    ['an object in a fence', `\`\`\`json\n${TRUE}\n\`\`\``, 'empty'],
    ['prose and an object', `I say ${TRUE}`, 'empty'],
    ['an object without a decision', '{"confidence": 0.9}', 'empty'],
    ['a list', `[${TRUE}]`, 'empty'],
    ['nothing', null, 'empty'],
  ])('reads content that is null by its reasoning: %s', (_case, reasoning, expected) => {
    expect(outcomeOf(null, { reasoning })).toBe(expected);
  });

  it.each([
    ['""', 'empty'],
    ['<think>\n</think>\n', 'empty'],
    ['<think>Hm.</think>\n', 'no_answer'],
    ['<|channel|>final<|message|>', 'empty'],
  ])('finds no answer in %j: %s', (content, code) => {
    expect(outcomeOf(content)).toBe(code);
  });

  it('leaves the reasoning alone when there is content, be it empty', () => {
    expect(outcomeOf('', { reasoning: TRUE })).toBe('empty');
    expect(outcomeOf('Hm.', { reasoning: TRUE })).toBe('no_json');
  });

  it('takes the reasoning from the content where the message has none', () => {
    const content = `<think> He hit her. </think>${TRUE}`;
    expect(parse(content)).toMatchObject({ answer: { reasoning: 'He hit her.' } });
    expect(parse(content, { reasoning: 'Own.' })).toMatchObject({ answer: { reasoning: 'Own.' } });
    expect(parse('<think>He hit', { finishReason: 'length' })).toMatchObject({ reasoning: 'He hit' });
  });

  it('accepts aliases of the decision key without regard to case', () => {
    const content = '{"IPV_Detected ": true}';
    expect(parse(content, {}, { decisionAliases: [' ipv_detected'] })).toMatchObject({ kind: 'answer' });
    expect(parse(content)).toMatchObject({ kind: 'error', code: 'no_decision' });
    expect(parse(content, {}, { decisionAliases: [' '] })).toMatchObject({ code: 'no_decision' });
  });

  it('describes each error by a category of rows and a sentence', () => {
    Object.values(ANSWER_ERRORS).forEach(({ category, message }) => {
      expect(ERROR_CATEGORIES).toContain(category);
      expect(message).toMatch(/^The [^{}]+\.$/);
    });
  });

  it('never quotes the reply in an error', () => {
    expect(parse('SECRET {"detected": SECRET}')).toEqual({
      kind: 'error',
      code: 'no_decision',
      ...ANSWER_ERRORS.no_decision,
      reasoning: null,
      hint: { detected: null, confidence: null },
    });
  });

  it.each(LARGE_REPLIES)('reads %s in linear time', (_case, content) => {
    const durationMs = (): number => {
      const startedMs = performance.now();
      const outcome = outcomeOf(content);
      expect(outcome).not.toBe(false);
      return performance.now() - startedMs;
    };
    durationMs();
    expect(Math.min(durationMs(), durationMs())).toBeLessThan(400);
  });

  it('reads lists and objects nested 100,000 levels deep in every field', () => {
    const depth = 100_000;
    const list = '['.repeat(depth) + '"x"' + ']'.repeat(depth);
    const object = '{"a":'.repeat(depth) + '1' + '}'.repeat(depth);
    expect(parse(`{"detected": true, "indicators": ${list}, "rationale": ${object}}`)).toMatchObject({
      answer: { indicators: ['x'], rationale: null },
    });
  });
});
