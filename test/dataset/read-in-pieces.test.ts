import { isUtf8 } from 'node:buffer';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { cutRows } from '../../src/dataset/cut-rows';
import { readCsv, type CsvBounds } from '../../src/dataset/read-csv';
import type { DatasetError } from '../../src/errors';
import { DataFolder, datasetErrorOf } from './data-folder';

let folder: DataFolder;
beforeAll(() => {
  folder = new DataFolder();
});
afterAll(() => folder.remove());

interface Reading {
  header: string[] | null;
  hasReplacements: boolean;
  rows: [number, readonly unknown[]][];
  mistake: string | null;
}

function readingOf(file: string, bounds: CsvBounds): Reading {
  const reading: Reading = { header: null, hasReplacements: false, rows: [], mistake: null };
  try {
    const table = readCsv(file, bounds);
    reading.header = table.header;
    reading.hasReplacements = table.hasReplacements;
    for (const { number, cells } of table.rows) reading.rows.push([number, cells]);
  } catch (error) {
    reading.mistake = /row \d+ .*?\. /.exec((error as DatasetError).message)![0];
  }
  return reading;
}

/** The same by the library alone, with the whole file in memory. */
function wholeReadingOf(bytes: Buffer): Reading {
  const { text, hasReplacements } = wholeTextOf(bytes);
  const options = { record_delimiter: ['\r\n', '\n', '\r'], relax_column_count: true, trim: true };
  const nCells = (delimiter: string): number => {
    try {
      const [header = []] = parse(text, {
        ...options,
        delimiter,
        skip_records_with_empty_values: true,
        to: 1,
      });
      return header.filter((cell) => cell.trim() !== '').length;
    } catch {
      return 0;
    }
  };
  const [delimiter] = [',', ';', '\t'].sort((a, b) => nCells(b) - nCells(a));
  const reading: Reading = { header: null, hasReplacements: false, rows: [], mistake: null };
  let number = 0;
  const note = (cells: string[]): null => {
    number += 1;
    if (reading.mistake !== null || cells.every((cell) => cell.trim() === '')) return null;
    reading.hasReplacements = hasReplacements;
    const width = reading.header?.length ?? cells.length;
    if (cells.length !== width)
      reading.mistake = `row ${number} has ${cells.length} cells where the header has ${width}. `;
    else if (reading.header === null) reading.header = cells.map((cell) => cell.trim());
    else reading.rows.push([number, cells]);
    return null;
  };
  try {
    parse(text, { ...options, delimiter, on_record: note });
    reading.hasReplacements = hasReplacements;
  } catch (error) {
    reading.mistake ??= `row ${number + 1} do not add up (${(error as { code: string }).code}). `;
  }
  return reading;
}

function wholeTextOf(bytes: Buffer): { text: string; hasReplacements: boolean } {
  const [first, second, third] = bytes;
  if (first === 0xff && second === 0xfe) return wellFormed(bytes.subarray(2).toString('utf16le'));
  if (first === 0xfe && second === 0xff) {
    const even = bytes.subarray(2, bytes.length - (bytes.length % 2));
    return wellFormed(Buffer.from(even).swap16().toString('utf16le'));
  }
  const hasMark = first === 0xef && second === 0xbb && third === 0xbf;
  const unmarked = hasMark ? bytes.subarray(3) : bytes;
  const text = unmarked.toString('utf8');
  if (isUtf8(unmarked)) return { text, hasReplacements: false };
  const others = [...text].filter((character) => character > '\x7f');
  const nBroken = others.filter((character) => character === '\ufffd').length;
  if (hasMark || others.length - nBroken > nBroken) return { text, hasReplacements: true };
  const upper = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';
  return {
    text: Array.from(unmarked, (byte) =>
      byte >= 0x80 && byte < 0xa0 ? upper[byte - 0x80] : String.fromCharCode(byte),
    ).join(''),
    hasReplacements: false,
  };
}

function wellFormed(text: string): { text: string; hasReplacements: boolean } {
  const whole = Buffer.from(text, 'utf8').toString('utf8');
  return { text: whole, hasReplacements: whole !== text };
}

/** Text in which quotes stand where they may and where they may not. */
const oddText = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom('"', '""', ',', '\n', '\r\n', '\r', '"\n"', '","') },
      { weight: 1, arbitrary: fc.constantFrom(' ', '\t', ';', '\0', '\u00a0', '\u2028', '\ufeff', '\ufffd') },
      { weight: 2, arbitrary: fc.constantFrom('a', 'bc', 'é', '€', '😀', '\ud83d', '') },
    ),
    { maxLength: 60 },
  )
  .map((parts) => parts.join(''));

/** Cells quoted as they must be, or as they need not be. */
const soundText = fc
  .array(
    fc.array(fc.tuple(fc.constantFrom('', 'a', ' a ', 'é', '"', 'x"y', ',', 'b\r\nc', '\n'), fc.boolean()), {
      minLength: 3,
      maxLength: 3,
    }),
    { maxLength: 12 },
  )
  .chain((rows) =>
    fc
      .constantFrom('\n', '\r\n', '\r')
      .map((lineEnd) =>
        [[['x', false] as const, ['y', false] as const, ['z', false] as const], ...rows]
          .map((row) =>
            row
              .map(([cell, isQuoted]) =>
                isQuoted || /["\r\n,]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell,
              )
              .join(','),
          )
          .join(lineEnd),
      ),
  );

const encoded = fc.tuple(fc.oneof(oddText, soundText), fc.nat(5)).chain(([text, kind]) => {
  const utf16 = Buffer.from(`\ufeff${text}`, 'utf16le');
  const bytes = [
    Buffer.from(text),
    Buffer.from(`\ufeff${text}`),
    utf16,
    Buffer.from(utf16).swap16(),
    Buffer.from(text, 'latin1'),
  ][kind];
  if (bytes !== undefined) return fc.constant(bytes);
  // Damaged: bytes of any value stand somewhere in it.
  return fc.tuple(fc.uint8Array({ maxLength: 5 }), fc.nat(text.length)).map(([damage, at]) => {
    const whole = Buffer.from(text);
    return Buffer.concat([whole.subarray(0, at), damage, whole.subarray(at)]);
  });
});

it('a file read in pieces of any size is the same table, or has the same first mistake, as in one piece', () => {
  fc.assert(
    fc.property(encoded, fc.integer({ min: 3, max: 24 }), (bytes, chunkBytes) => {
      const file = folder.write('data.csv', bytes);
      const expected = wholeReadingOf(bytes);
      expect(readingOf(file, { chunkBytes })).toEqual(expected);
      expect(readingOf(file, {})).toEqual(expected);
    }),
    { numRuns: 500 },
  );
});

describe('a quote without an end', () => {
  const endless = function* (start: string): Generator<Buffer> {
    yield Buffer.from(start);
    for (let count = 0; count < 1000; count++) yield Buffer.from('a row of text, and another\n');
    throw new Error('It was read to its end');
  };

  it.each(['x,y\n1,"a', 'x,y\n1,a "b" "'])('is held no further than the bound (%j)', (start) => {
    const pieces = Array.from(cutRows(endless(start), 1000), ({ bytes, isCut }) => [bytes.length, isCut]);
    expect(pieces).toEqual([
      [4, false],
      [expect.any(Number), true],
    ]);
    expect(pieces[1]![0]).toBeLessThan(1100);
  });

  it('is named by the row in which it opens', () => {
    const rest = '3,more and more\n'.repeat(100);
    const file = folder.write('data.csv', `x,y\n1,"a\nb"\n2,"a ""b"" \n${rest}`);
    const inPieces = datasetErrorOf(() => [...readCsv(file, { chunkBytes: 16, maxRowBytes: 200 }).rows]);
    expect(inPieces.message).toContain(
      'the quotes in row 3 do not add up (CSV_QUOTE_NOT_CLOSED), or it is longer',
    );
    const whole = datasetErrorOf(() => [...readCsv(file).rows]);
    expect(whole.message).toContain('the quotes in row 3 do not add up (CSV_QUOTE_NOT_CLOSED). ');
  });

  it('is told from a row that is too long', () => {
    const file = folder.write('data.csv', `x,y\n1,${'long '.repeat(100)}\n`);
    expect(
      datasetErrorOf(() => [...readCsv(file, { chunkBytes: 16, maxRowBytes: 200 }).rows]).message,
    ).toMatch(/row 2 is longer than/);
  });
});
