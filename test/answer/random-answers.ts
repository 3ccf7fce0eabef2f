/** Made-up answers and what may become of them on their way: wrapped, written as other languages do, cut, damaged. */
import type { Random } from './random';
import { WRAPPERS } from './wrappers';

/** An answer as its model meant it. */
export interface WrittenAnswer {
  detected: boolean;
  confidence: number;
  indicators: string[];
  rationale: string;
  /** The keys of the object, in order. */
  keys: readonly Key[];
  /** The decision as it is written in JSON. */
  decision: string;
  indent: number | undefined;
}

type Key = 'detected' | 'confidence' | 'indicators' | 'rationale';

/** A text to parse, the answer behind it, and whether its decision has to be found. */
export interface FuzzCase {
  group: string;
  text: string;
  finishReason: 'stop' | 'length';
  answer: WrittenAnswer;
  isWhole: boolean;
}

const SENTENCES = [
  'Her ex-partner came to the house. ',
  'No partner is mentioned. ',
  'Signs: threats, stalking (twice). ',
  'Violence was detected by the officer. ',
  "She wrote: it's over. ",
  'Er drohte ihr – “nie wieder” – mit dem Tod. ',
  'Tel. 555-0100; see p. 3/4. ',
  '彼は彼女を脅した。😀 ',
];
const TEMPTING = [
  ...['{', '}', '[', ']', '"', "'", '\\', '`', ',', ':', '\n', '//', '/*', '```', '\n```json\n', '“', '\t'],
  ...['<think>', '</think>', '<|channel|>final<|message|>', '<|end|>', 'assistantfinal', 'analysis'],
  ...['"detected": true', '"detected": false, ', 'detected', 'detected: no', '{"detected": false}'],
  ...['{"detected": true}', '", "detected": true, "', "'detected': False", '"confidence": 0. nine'],
];
const DECISIONS: readonly [string, string][] = [
  ['true', 'false'],
  ['true', 'false'],
  ['true', 'false'],
  ['"true"', '"false"'],
  ['"True"', '"False"'],
  ['"yes"', '"no"'],
];
const KEY_ORDERS: readonly (readonly Key[])[] = [
  ['detected', 'confidence', 'indicators', 'rationale'],
  ['detected', 'confidence', 'indicators', 'rationale'],
  ['rationale', 'indicators', 'detected', 'confidence'],
  ['rationale', 'detected', 'confidence', 'indicators'],
  ['indicators', 'confidence', 'rationale', 'detected'],
];
const EDITS = [
  '',
  '',
  '',
  '{',
  '}',
  '[',
  ']',
  '"',
  '"',
  "'",
  ',',
  ':',
  '\\',
  '\n',
  '`',
  ' ',
  'x',
  '/',
  '#',
  '<',
];

/** An answer whose strings hold whatever may stand in a text, or only what tempts no parser. */
export function makeAnswer(random: Random, isTempting: boolean): WrittenAnswer {
  const pieces = isTempting ? [...SENTENCES, ...TEMPTING] : SENTENCES;
  const text = (): string => random.some(pieces, 5).join('').trim();
  const detected = random.below(2) === 0;
  return {
    detected,
    confidence: random.below(101) / 100,
    indicators: Array.from({ length: random.below(4) }, text),
    rationale: text(),
    keys: random.pick(KEY_ORDERS),
    decision: random.pick(DECISIONS)[detected ? 0 : 1],
    indent: random.pick([undefined, undefined, 2]),
  };
}

/** The answer as JSON. */
export function writeJson(answer: WrittenAnswer): string {
  return writeWith(answer, {});
}

interface Spelling {
  string?: (text: string) => string;
  key?: (key: string) => string;
  confidence?: (confidence: number) => string;
  decision?: string;
  beforeKey?: string;
  afterLast?: string;
}

function writeWith(answer: WrittenAnswer, spelling: Spelling): string {
  const { string = JSON.stringify, key = string, beforeKey = '', afterLast = '' } = spelling;
  const values: Record<Key, string> = {
    detected: spelling.decision ?? answer.decision,
    confidence: (spelling.confidence ?? String)(answer.confidence),
    indicators: `[${answer.indicators.map((text) => string(text)).join(', ')}]`,
    rationale: string(answer.rationale),
  };
  const [gap, end] = answer.indent === undefined ? [' ', ''] : ['\n  ', '\n'];
  const members = answer.keys.map((name) => `${beforeKey}${key(name)}: ${values[name]}`);
  return `{${answer.indent === undefined ? '' : gap}${members.join(`,${gap}`)}${afterLast}${end}}`;
}

const WORDS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
const inWords = (confidence: number): string =>
  confidence === 1
    ? 'one'
    : `0. ${[...confidence.toFixed(2).slice(2)].map((digit) => WORDS[Number(digit)]).join(' ')}`;
const bareQuotes = (text: string): string => `"${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"')}"`;
const inPython = (answer: WrittenAnswer): string => (answer.detected ? 'True' : 'False');

/** How an answer is spelt other than JSON; `text` changes its texts first, so that they hold what is spelt so. */
interface OtherSpelling {
  text?: (text: string) => string;
  write: (answer: WrittenAnswer) => string;
}

/** Spellings from which the whole answer has to be read. */
const SPELLINGS: Readonly<Record<string, OtherSpelling>> = {
  'trailing comma': { write: (answer) => writeWith(answer, { afterLast: ',' }) },
  'single quotes': {
    write: (answer) =>
      writeWith(answer, {
        string: (text) =>
          `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`,
        decision: inPython(answer),
      }),
  },
  'single quotes and apostrophes': {
    write: (answer) => writeWith(answer, { string: (text) => `'${text}'`, decision: inPython(answer) }),
  },
  'Python words': { write: (answer) => writeWith(answer, { decision: inPython(answer) }) },
  'bare keys': { write: (answer) => writeWith(answer, { key: (name) => name }) },
  'smart quotes': {
    text: (text) => text.replace(/[“”]/g, ''),
    write: (answer) => writeWith(answer, { string: (text) => `“${text}”` }),
  },
  comments: { write: (answer) => writeWith(answer, { beforeKey: '/* next */ ', afterLast: ' // done\n' }) },
  'raw line breaks': {
    text: (text) => text.replaceAll('. ', '.\n\t'),
    write: (answer) => writeWith(answer, { string: (text) => `"${text}"` }),
  },
  'quotes in strings': {
    text: (text) => text.replace(/officer|partner/g, 'so-called "$&" there'),
    write: (answer) => writeWith(answer, { string: bareQuotes }),
  },
  'confidence in words': { write: (answer) => writeWith(answer, { confidence: inWords }) },
  'confidence in percent': {
    write: (answer) => writeWith(answer, { confidence: (confidence) => `${Math.round(confidence * 100)}%` }),
  },
  'decimal comma': {
    write: (answer) =>
      writeWith(answer, { confidence: (confidence) => confidence.toFixed(2).replace('.', ',') }),
  },
};
const SPELLING_NAMES = Object.keys(SPELLINGS);

function respell(answer: WrittenAnswer, name: string): { answer: WrittenAnswer; json: string } {
  const { text = (same: string) => same, write } = SPELLINGS[name]!;
  const changed = { ...answer, indicators: answer.indicators.map(text), rationale: text(answer.rationale) };
  return { answer: changed, json: write(changed) };
}

type Maker = (random: Random) => Omit<FuzzCase, 'group' | 'finishReason'> & { finishReason?: 'length' };

const whole =
  (spelling: (random: Random) => string | null, wrap: (json: string, random: Random) => string): Maker =>
  (random) => {
    const plain = makeAnswer(random, false);
    const name = spelling(random);
    const { answer, json } = name === null ? { answer: plain, json: writeJson(plain) } : respell(plain, name);
    return { answer, text: wrap(json, random), isWhole: true };
  };

/** Whether the damage made another valid answer, such as by moving a 1 of the confidence to the decision. */
function saysOpposite(text: string, { detected }: WrittenAnswer): boolean {
  try {
    const said = (JSON.parse(text) as { detected?: unknown }).detected;
    return said === Number(!detected) || said === !detected;
  } catch {
    return false;
  }
}

const damaged =
  (damage: (json: string, random: Random, answer: WrittenAnswer) => string, isTempting = true): Maker =>
  (random) => {
    const answer = makeAnswer(random, isTempting);
    const json = writeJson(answer);
    const text = damage(json, random, answer);
    return { answer, text: saysOpposite(text, answer) ? json : text, isWhole: false };
  };

/** All kinds of cases by name. */
export const MAKERS: Readonly<Record<string, Maker>> = {
  'as written': (random) => {
    const answer = makeAnswer(random, true);
    return { answer, text: writeJson(answer), isWhole: true };
  },
  wrapped: whole(
    () => null,
    (json, random) => random.pick(WRAPPERS)[1](json),
  ),
  ...Object.fromEntries(SPELLING_NAMES.map((name) => [name, whole(() => name, String)])),
  // What is escaped as a whole in a fence is read only if it is JSON.
  'spelt otherwise and wrapped': whole(
    (random) => random.pick(SPELLING_NAMES),
    (json, random) => random.pick(WRAPPERS.slice(0, -1))[1](json),
  ),
  prefix: damaged((json, random) => json.slice(0, random.below(json.length))),
  'prefix, finish reason length': (random) => ({ ...MAKERS.prefix!(random), finishReason: 'length' }),
  'prefix of a wrapped answer': damaged((json, random) => {
    const text = random.pick(WRAPPERS.slice(0, 25))[1](json);
    return text.slice(0, text.indexOf(json) + random.below(json.length));
  }, false),
  'prefix after an opposite example': damaged((json, random, answer) =>
    afterExample(json.slice(0, 1 + random.below(json.length - 1)), answer),
  ),
  'prefix of another spelling': damaged((_json, random, answer) => {
    const { json: text } = respell(answer, random.pick(SPELLING_NAMES));
    return text.slice(0, random.below(text.length));
  }),
  'another spelling of tempting texts': damaged(
    (_json, random, answer) => respell(answer, random.pick(SAFE_SPELLINGS)).json,
  ),
  'one edit': damaged((json, random) => edit(json, random, 1)),
  'two edits': damaged((json, random) => edit(json, random, 2)),
  'three edits': damaged((json, random) => edit(json, random, 3)),
  'edits in another spelling': damaged((_json, random, answer) =>
    edit(respell(answer, random.pick(SAFE_SPELLINGS)).json, random, 2),
  ),
  'edits in a wrapped answer': damaged(
    (json, random) => edit(random.pick(WRAPPERS)[1](json), random, 2),
    false,
  ),
  'edits after an opposite example': damaged((json, random, answer) =>
    afterExample(edit(json, random, 1 + random.below(2)), answer),
  ),
  'a piece lost': damaged((json, random) => {
    const at = random.below(json.length);
    return json.slice(0, at) + json.slice(at + 1 + random.below(12));
  }),
  'a piece doubled': damaged((json, random) => {
    const at = random.below(json.length);
    const end = at + 1 + random.below(12);
    return json.slice(0, end) + json.slice(at);
  }),
  'two pieces swapped': damaged((json, random) => {
    const [a, b, c] = [0, 0, 0].map(() => random.below(json.length)).sort((x, y) => x - y);
    return json.slice(0, a) + json.slice(b, c) + json.slice(a, b) + json.slice(c);
  }, false),
};

/** Those that escape in strings what would end them. */
const SAFE_SPELLINGS = [
  'trailing comma',
  'single quotes',
  'Python words',
  'bare keys',
  'comments',
  'decimal comma',
];

/** One case; the same for the same generator state. */
export function makeCase(random: Random, group: string): FuzzCase {
  return { group, finishReason: 'stop', ...MAKERS[group]!(random) };
}

function afterExample(text: string, { detected }: WrittenAnswer): string {
  return `The format is {"detected": ${!detected}, "confidence": 0.5}.\n\nMy answer:\n${text}`;
}

function edit(text: string, random: Random, times: number): string {
  let edited = text;
  for (let count = 0; count < times; count += 1) {
    const at = random.below(edited.length);
    edited = edited.slice(0, at) + random.pick(EDITS) + edited.slice(at + random.below(2));
  }
  return edited;
}
