import { DEFAULT_ANSWER_SETTINGS, type AnswerSettings } from '../../src/answer/answer-settings';
import { parseAnswer } from '../../src/answer/parse-answer';
import { Random } from './random';
import { makeCase } from './random-answers';

function parse(content: string, settings: Partial<AnswerSettings> = {}, finishReason = 'stop') {
  const reply = { content, reasoning: null, refusal: null, finishReason };
  return parseAnswer(reply, { ...DEFAULT_ANSWER_SETTINGS, ...settings });
}

function outcomeOf(content: string): boolean | string {
  const parsed = parse(content);
  return parsed.kind === 'answer' ? parsed.answer.detected : parsed.code;
}

describe('parseAnswer with repairs', () => {
  it.each([
    ['before it', `{"detected": false, "rationale": "He said "no" to her."}`, false],
    ['after it', `{"rationale": "He said "no" to her.", "detected": false}`, false],
    ['on both sides', `{"a": "x "y" z", "detected": "yes", "b": "x "y" z"}`, true],
  ])('takes a decision where the unclear strings stand %s', (_case, content, expected) => {
    expect(outcomeOf(content)).toBe(expected);
  });

  it.each([
    ['another is stated inside', `{"detected": false, "r": "He wrote "detected": true there."}`],
    ['another is stated behind', `{"detected": false, "r": "a "b" c"} {"detected": true}`],
    ['another is stated without a colon', `{"detected": false, "r": "a "b" detected true"}`],
    ['two are inside and none is sure', `{"r": "a "b", "detected": true, "x": "c "d" e", "detected": true}`],
    ['a key of an answer is inside', `{"r": "a false, "confidence": 0. b", "detected": 1}`],
    ['its key may be misspelt', `{"detcted": false, "r": "a "b", "detected": true}`],
    ['its string might end elsewhere', `{"detected": "true" or "false"}`],
    ['its end hides inside the string', `{"detected": false, "r": "He wrote "a} {"detected": true} b" x"}`],
    [
      'a digit precedes the bracket inside',
      `{"detected": false, "r": "He wrote "5}\\n{"detected": true}" x"}`,
    ],
  ])('takes no decision from unclear strings when %s', (_case, content) => {
    expect(typeof outcomeOf(content)).toBe('string');
  });

  it.each([
    ['two keys that disagree', `{'detected': true, 'detected': false}`, 'ambiguous'],
    ['a list that disagrees', `[{'detected': true}, {'detected': false}]`, 'ambiguous'],
    ['an inner object that disagrees', `{'detected': true, 'example': {'detected': false}}`, 'ambiguous'],
    ['a value that is torn', `{'detected': tr}`, 'no_decision'],
    ['a choice', `{'detected': true/false}`, 'template_echo'],
    ['a comment instead of a value', `{'detected': /* true */, 'a': 1}`, 'unparsable'],
    ['the end of another object', `{'a': 1, 'detected': true} false", "rationale": "x"}`, 'unparsable'],
    ['an envelope', `{'result': {'detected': True,}}`, true],
    ['a list of one', `[{'detected': False}]`, false],
  ])('reads %s', (_case, content, expected) => {
    expect(outcomeOf(content)).toBe(expected);
  });

  it.each([
    [
      'a marker in a string',
      `{'rationale': 'a </think> b', 'detected': false, 'x': ['{"detected": true}']}`,
      false,
    ],
    [
      'a channel in a string',
      `{'detected': true, 'r': '<|channel|>final<|message|>{"detected": false}'}`,
      true,
    ],
    [
      'a marker in an object with misspelt keys',
      `{'rationle': '</think> x', 'detected': true, 'x': '{"detected": false}'}`,
      true,
    ],
    [
      'an object that lost its brace',
      `'rationale': 'x', 'detected': true, 'x': '{"detected": false}'}`,
      'unparsable',
    ],
    ['thinking with an open brace', `I note {x: and so on\n</think>{"detected": true}`, true],
  ])('leaves %s where it is', (_case, content, expected) => {
    expect(outcomeOf(content)).toBe(expected);
  });

  it('notes repairs of the confidence apart from others', () => {
    expect(parse('{"detected": true, "confidence": 0. nine}')).toMatchObject({
      answer: { confidence: 0.9, notes: ['confidence_repaired'] },
    });
    expect(parse("{'detected': True, 'confidence': .9}")).toMatchObject({
      answer: { confidence: 0.9, notes: ['repaired'] },
    });
  });

  it('repairs nothing in a text of more than 64 KiB', () => {
    const answer = `{'detected': True, 'rationale': '${'x'.repeat(65_000)}'}`;
    expect(parse(answer).kind).toBe('answer');
    expect(parse(`${' .'.repeat(500)}${answer}`)).toMatchObject({ code: 'too_large' });
  });

  it('maps words of the confidence only as configured, and notes it', () => {
    const content = '{"detected": true, "confidence": " High"}';
    expect(parse(content)).toMatchObject({ answer: { confidence: null, confidenceText: 'High', notes: [] } });
    expect(parse(content, { confidenceWords: { high: 0.9, constructor: 1 } })).toMatchObject({
      answer: { confidence: 0.9, confidenceText: 'High', notes: ['confidence_word'] },
    });
    expect(parse('{"detected": true, "confidence": "constructor"}')).toMatchObject({
      answer: { confidence: null },
    });
  });
});

describe('parseAnswer with accept_partial', () => {
  const CUT = '{"detected": true, "confidence": 0.8, "indicators": ["a"], "rationale": "The ex-part';

  it('takes decision and confidence of a reply that was cut after them', () => {
    expect(parse(CUT, { acceptPartial: true }, 'length')).toMatchObject({
      answer: { detected: true, confidence: 0.8, indicators: ['a'], rationale: null, notes: ['partial'] },
    });
    expect(parse(CUT, {}, 'length')).toMatchObject({
      code: 'truncated',
      hint: { detected: true, confidence: 0.8 },
    });
  });

  it.each([
    ['the server does not say that it was cut', CUT, 'stop'],
    ['the content filter cut it', CUT, 'content_filter'],
    ['the confidence is not there', '{"detected": true, "rationale": "The', 'length'],
    ['the confidence is cut', '{"detected": true, "confidence": 0.8', 'length'],
    ['the decision is cut', '{"confidence": 0.8, "detected": tr', 'length'],
    ['it is not JSON', "{'detected': true, 'confidence': 0.8, 'rationale': 'The", 'length'],
    ['it stands in an envelope', '{"result": {"detected": true, "confidence": 0.8}, "x": "', 'length'],
    ['more text was cut', '{"detected": true, "confidence": 0.8} But then', 'length'],
    ['it is a draft', `<think>${CUT}`, 'length'],
  ])('takes nothing where %s', (_case, content, finishReason) => {
    expect(parse(content, { acceptPartial: true }, finishReason).kind).toBe('error');
  });

  it('gives the true decision and confidence, or an error, for every prefix', () => {
    const random = new Random(11);
    let answers = 0;
    for (let index = 0; index < 3000; index += 1) {
      const { text, answer } = makeCase(random, 'prefix');
      const parsed = parse(text, { acceptPartial: true }, 'length');
      if (parsed.kind === 'error') continue;
      answers += 1;
      const { detected, confidence } = parsed.answer;
      expect({ text, detected, confidence }).toEqual({
        text,
        detected: answer.detected,
        confidence: answer.confidence,
      });
    }
    expect(answers).toBeGreaterThan(500);
  });

  it('takes a whole answer that filled the limit to the last token', () => {
    const content = '```json\n{"detected": false, "confidence": 0.8}\n```';
    expect(parse(content, { acceptPartial: true }, 'length')).toMatchObject({
      answer: { notes: ['partial'] },
    });
  });
});

describe('the fields of an answer', () => {
  const fieldsOf = (content: string, extraFields: string[] = []): unknown => {
    const parsed = parse(content, { extraFields });
    return parsed.kind === 'answer' ? (JSON.parse(parsed.answer.fields) as unknown) : parsed.code;
  };

  it('are kept as the model wrote them', () => {
    expect(fieldsOf('{"detected": "yes", "Severity": {"level": 3}, "__proto__": 1}')).toEqual(
      JSON.parse('{"detected": "yes", "Severity": {"level": 3}, "__proto__": 1}'),
    );
    expect(fieldsOf("{'detected': True, 'severity': 3}")).toEqual({ detected: true, severity: 3 });
  });

  it('stand under the configured names, also those beside an envelope', () => {
    expect(
      fieldsOf('{"result": {"detected": true, " SEVERITY": 2}, "Weapon": "knife", "id": 7}', [
        'severity',
        'weapon',
      ]),
    ).toEqual({
      detected: true,
      severity: 2,
      weapon: 'knife',
    });
  });

  it('are cut at 64 KiB, the configured ones last', () => {
    const long = 'x'.repeat(40_000);
    const content = JSON.stringify({ detected: true, a: long, b: long });
    expect(fieldsOf(content)).toEqual({ detected: true, a: long });
    expect(fieldsOf(content, ['b'])).toEqual({ b: long, detected: true });
    expect(parse(content)).toMatchObject({ answer: { notes: ['fields_cut'] } });
  });
});

describe('hints', () => {
  it.each([
    ['a decision in YAML', 'detected: true\nconfidence: 0.9\nok', true, 0.9],
    ['a percentage', 'Detected: False, confidence: 80%.\n', false, 0.8],
    ['both decisions', 'detected: true, then detected: false', null, null],
    ['a template', '{"detected": true/false, "confidence": 0.0-1.0}', null, null],
    ['a number that may be cut', '"detected": false, "confidence": 0.8', false, null],
    ['a key that begins alike', '{"detected_x": true}', null, null],
    ['nothing', 'I cannot tell.', null, null],
  ])('are read from %s', (_case, content, detected, confidence) => {
    expect(parse(content)).toMatchObject({ kind: 'error', hint: { detected, confidence } });
  });
});
