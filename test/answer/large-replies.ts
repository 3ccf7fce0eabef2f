/** Replies that would take long if any step were not linear: 1 MB where no repair is tried, else as much as is repaired. */

const MEGABYTE = 1024 * 1024;
const REPAIRED_BYTES = 64 * 1024 - 200;

const fill = (piece: string, bytes: number): string =>
  piece.repeat(Math.floor(bytes / Buffer.byteLength(piece)));
const answerWith = (rationale: string): string =>
  `{"detected": true, "confidence": 0.8, "indicators": [], "rationale": "${rationale}"}`;

const PIECES: readonly string[] = [
  ...[
    '{',
    '{"',
    '[{',
    '{}',
    "{'a': 1}",
    '{a: ',
    '```\n',
    '```    ',
    'detected',
    '`',
    ' ',
    "'",
    '"',
    '“',
    '\\"',
  ],
  ...[
    '<|channel|>final ',
    '<|channel|>analysis<|message|>x',
    '</think>',
    '<think>',
    'detected: {"',
    '"detected": ',
  ],
  ...['{"a": "x}"} y" ', "{'detected': ", '{"detected": "a" b} ', '{"detected": true} '],
];
const TORN_PIECES: readonly string[] = [
  ...[
    'He said "no" to her. ',
    '" , ',
    '",',
    '"//',
    '"/*',
    '", "',
    '":',
    '"}',
    '" // x\n',
    '"    ',
    "it's ",
    '“ ”',
  ],
  ...['", "a": ', '", a: ', '"]', '\\', '\\"', 'detected: ', '"detected" '],
];

export const LARGE_REPLIES: readonly (readonly [name: string, text: string])[] = [
  ['a valid answer of 1 MB', answerWith(fill('He said no to her. ', MEGABYTE))],
  ['1 MB of quotes that are not escaped', answerWith(fill('He said "no" to her. ', MEGABYTE))],
  ['1 MB in single quotes', answerWith(fill('She left. ', MEGABYTE)).replaceAll('"', "'")],
  ['a valid answer of 1 MB in prose', `So: ${answerWith(fill('He said no to her. ', MEGABYTE))} Done.`],
  ['1 MB of indicators', `{"detected": true, "indicators": [${fill('"a", ', MEGABYTE)}"b"]}`],
  ['20,000 levels that are never closed', '{"a":'.repeat(20_000)],
  ['20,000 levels', `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`],
  ...PIECES.map((piece): [string, string] => [
    `1 MB of ${JSON.stringify(piece)}`,
    `x${fill(piece, MEGABYTE)}x`,
  ]),
  ...[...PIECES, ...TORN_PIECES].map((piece): [string, string] => [
    `64 KiB of ${JSON.stringify(piece)}`,
    `x${fill(piece, REPAIRED_BYTES)}x`,
  ]),
  ...[...PIECES, ...TORN_PIECES].map((piece): [string, string] => [
    `an answer with 64 KiB of ${JSON.stringify(piece)}`,
    answerWith(fill(piece, REPAIRED_BYTES)),
  ]),
  ...['1,', "'a',", 'a: 1, ', '"a" 1,', '[1,],', '1 ', '/**/1,'].map((piece): [string, string] => [
    `a list with 64 KiB of ${JSON.stringify(piece)}`,
    `{'detected': True, 'indicators': [${fill(piece, REPAIRED_BYTES)}]}`,
  ]),
  ...['a: 1, ', '"a": 1 ', "'a': 'it's', "].map((piece): [string, string] => [
    `an object with 64 KiB of ${JSON.stringify(piece)}`,
    `{'detected': True, ${fill(piece, REPAIRED_BYTES)}}`,
  ]),
];
