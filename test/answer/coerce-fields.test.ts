import { cleanText } from '../../src/answer/clean-text';
import { coerceConfidence } from '../../src/answer/coerce-confidence';
import { coerceDecision } from '../../src/answer/coerce-decision';
import { coerceIndicators } from '../../src/answer/coerce-indicators';
import { coerceRationale } from '../../src/answer/coerce-rationale';

describe('coerceDecision', () => {
  it.each([true, 'true', 'True', 'TRUE ', 'yes', 'Y', 1, '1'])('takes %j for true', (value) => {
    expect(coerceDecision(value)).toBe(true);
  });

  it.each([false, 'false', ' False', 'no', 'NO', 0, '0'])('takes %j for false', (value) => {
    expect(coerceDecision(value)).toBe(false);
  });

  it.each([null, undefined, '', 'tr', 'maybe', 'true/false', 'not true', 0.7, 2, -1, '1.0', [true], {}])(
    'takes %j for no decision',
    (value) => {
      expect(coerceDecision(value)).toBeNull();
    },
  );
});

describe('coerceConfidence', () => {
  it.each([
    [0, 0],
    [0.85, 0.85],
    [1, 1],
    ['0.85', 0.85],
    [' .85 ', 0.85],
    ['1.', 1],
    ['+0.9', 0.9],
    ['9e-1', 0.9],
  ])('reads %j as %d', (value, confidence) => {
    expect(coerceConfidence(value)).toEqual({ confidence, confidenceText: null, notes: [] });
  });

  it.each([
    [85, 0.85],
    [2, 0.02],
    [100, 1],
    ['85', 0.85],
    ['85%', 0.85],
    ['85.5 %', 0.855],
    ['0%', 0],
    ['1%', 0.01],
    ['100%', 1],
  ])('reads %j as a percentage, %d', (value, confidence) => {
    expect(coerceConfidence(value)).toEqual({
      confidence,
      confidenceText: null,
      notes: ['confidence_percent'],
    });
  });

  it.each([
    1.2,
    85.5,
    101,
    150,
    -0.1,
    -1,
    1e300,
    '1.2',
    '150',
    '101%',
    '-5%',
    'NaN',
    '-Infinity',
    'inf',
    '8,5',
  ])('finds %j out of range', (value) => {
    expect(coerceConfidence(value)).toEqual({
      confidence: null,
      confidenceText: null,
      notes: ['confidence_out_of_range'],
    });
  });

  it.each([
    ['0. nine', 0.9],
    ['0.Nine', 0.9],
    ['0 .9', 0.9],
    ['0 . 9', 0.9],
    ['0,9', 0.9],
    [',9', 0.9],
    ['zero point eight five', 0.85],
    ['Zero Point Eight-Five', 0.85],
    ['point nine', 0.9],
    ['0.eight five', 0.85],
    ['one', 1],
    ['zero', 0],
    ['one point zero', 1],
  ])('repairs %j to %d', (value, confidence) => {
    expect(coerceConfidence(value)).toEqual({
      confidence,
      confidenceText: null,
      notes: ['confidence_repaired'],
    });
  });

  it.each([
    'high',
    'very high',
    'nine',
    'ninety percent',
    '0,9,5',
    '0.8 - 0.9',
    '0.8 0.9',
    '0.8 5',
    '8/10',
    '0.9 (high)',
    '0.',
    '.',
    '%',
    '0x1',
    '1 point',
  ])('keeps %j as text', (value) => {
    expect(coerceConfidence(value)).toEqual({ confidence: null, confidenceText: value, notes: [] });
  });

  it.each([undefined, null, '', ' ', true, [], [0.9], {}])('reads %j as not given', (value) => {
    expect(coerceConfidence(value)).toEqual({ confidence: null, confidenceText: null, notes: [] });
  });

  it('keeps a text of a million digits as text', () => {
    const digits = '1'.repeat(1_000_000);
    expect(coerceConfidence(`${digits}x`).confidenceText).toHaveLength(64 * 1024);
  });
});

describe('coerceIndicators', () => {
  it.each([
    ['strings as written', ['a, b', ' c', ''], ['a, b', ' c', '']],
    ['nested lists', [['a', ['b']], [], 'c'], ['a', 'b', 'c']],
    ['numbers and booleans', [1, 0.5, true], ['1', '0.5', 'true']],
    ['null in a list', [null, 'a'], ['a']],
    ['objects by their name', [{ name: 'a', weight: 1 }, { name: 2 }], ['a', '2']],
    ['objects without a name as JSON', [{ kind: 'a' }, { name: ['b'] }], ['{"kind":"a"}', '{"name":["b"]}']],
    ['one object', { name: 'a' }, ['a']],
    ['one number', 7, ['7']],
    ['one word', ' threats ', ['threats']],
    ['null', null, []],
    ['nothing', undefined, []],
    ['"none"', 'None', []],
    ['"N/A"', ' n/a ', []],
    ['an empty string', '', []],
    ['separators only', ' ;, ', []],
    ['a lone surrogate', ['a\uD800'], ['a\uFFFD']],
  ])('reads %s', (_case, value, indicators) => {
    expect(coerceIndicators(value)).toEqual({ indicators, notes: [] });
  });

  it('splits a string at commas and semicolons', () => {
    expect(coerceIndicators('a, b;c,,')).toEqual({
      indicators: ['a', 'b', 'c'],
      notes: ['indicators_split'],
    });
  });

  it('keeps two hundred and notes that there were more', () => {
    const texts = Array.from({ length: 201 }, (_, index) => `i${index}`);
    expect(coerceIndicators(texts.slice(1))).toEqual({ indicators: texts.slice(1), notes: [] });
    expect(coerceIndicators(texts)).toEqual({ indicators: texts.slice(0, 200), notes: ['indicators_cut'] });
    expect(coerceIndicators(texts.join(',')).notes).toEqual(['indicators_split', 'indicators_cut']);
  });
});

describe('coerceRationale', () => {
  it.each([
    ['a string as written', ' a\n', ' a\n'],
    ['a list', ['a', ['b'], 3], 'a b 3'],
    ['an object', { why: ['a'] }, '{"why":["a"]}'],
    ['an object with a name', { name: 'a' }, '{"name":"a"}'],
    ['a number', 3, '3'],
    ['an empty string', '', ''],
    ['an empty list', [], null],
    ['null', null, null],
    ['nothing', undefined, null],
  ])('reads %s', (_case, value, rationale) => {
    expect(coerceRationale(value)).toBe(rationale);
  });
});

describe('cleanText', () => {
  it.each([
    ['one byte', 'a', 65_536],
    ['two bytes', 'é', 32_768],
    ['three bytes', '€', 21_845],
    ['four bytes', '😀', 16_384],
  ])('keeps at most 64 KiB of whole characters of %s', (_case, character, kept) => {
    expect(cleanText(character.repeat(70_000))).toBe(character.repeat(kept));
    expect(cleanText(character.repeat(kept))).toBe(character.repeat(kept));
  });

  it('replaces lone surrogates and leaves pairs alone', () => {
    expect(cleanText('\uDC00a😀\uD800')).toBe('\uFFFDa😀\uFFFD');
  });
});
