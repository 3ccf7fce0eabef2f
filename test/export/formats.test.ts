import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import * as XLSX from 'xlsx';
import {
  EXPORT_COLUMNS,
  type ExportColumn,
  type ExportRow,
  type ExportValue,
} from '../../src/export/columns';
import { csvChunks } from '../../src/export/csv';
import { ExportError } from '../../src/export/export-error';
import { jsonChunks, jsonlChunks } from '../../src/export/json';
import { xlsxBytes } from '../../src/export/xlsx';

const row = (values: Partial<Record<ExportColumn, ExportValue>> = {}): ExportRow =>
  ({ ...Object.fromEntries(EXPORT_COLUMNS.map((column) => [column, null])), ...values }) as ExportRow;

const csv = (rows: ExportRow[], isGuarded = true): string => [...csvChunks(rows, isGuarded)].join('');

const parsed = (text: string): Record<string, string>[] => parse(text, { bom: true, columns: true });

describe('csv', () => {
  it('begins with a byte order mark, ends lines with CRLF and has the columns that notebooks know', () => {
    const text = csv([row({ incident_id: '7', detected: 1 })]);
    expect(text).toMatch(/^\ufeffresult_id,experiment_id,incident_id,.*is_false_negative\r\n.*\r\n$/);
    expect(text.split('\r\n')[0]!.split(',')).toHaveLength(25);
    expect(text.split('\r\n')[1]).toBe(',,7,,,,,,1,,,,,,,,,,,,,,,,');
  });

  it.each(['=1+1', '+1', '-x', '@sum', '\ttab', '\rreturn', '\0nul'])('guards the text %j', (text) => {
    expect(parsed(csv([row({ rationale: text })]))[0]!.rationale).toBe(`'${text}`);
    expect(parsed(csv([row({ rationale: text })], false))[0]!.rationale).toBe(text);
  });

  it('leaves numbers alone, negative ones too', () => {
    expect(parsed(csv([row({ confidence: -0.5, response_sec: 1e-7 })]))[0]).toMatchObject({
      confidence: '-0.5',
      response_sec: '1e-7',
    });
  });

  it('gives back any text without a formula', () => {
    const texts = fc
      .string({ unit: 'grapheme', maxLength: 40 })
      .filter((text) => !/^[=+\-@\t\r\0]/.test(text));
    fc.assert(
      fc.property(fc.array(texts, { minLength: 1, maxLength: 5 }), (all) => {
        const back = parsed(csv(all.map((rationale, index) => row({ rationale, row_num: index }))));
        return back.every(({ rationale }, index) => rationale === all[index]);
      }),
    );
  });
});

describe('json', () => {
  const rows = [
    row({ incident_id: '1', indicators: '["a","b"]' }),
    row({ incident_id: '2', error_message: 'x' }),
  ];

  it('is one array, with indicators as lists and NULL as null', () => {
    const list = JSON.parse([...jsonChunks(rows)].join('')) as Record<string, unknown>[];
    expect(list).toHaveLength(2);
    expect(list[0]).toMatchObject({ incident_id: '1', indicators: ['a', 'b'], rationale: null });
    expect(Object.keys(list[0]!)).toEqual([...EXPORT_COLUMNS]);
    expect(JSON.parse([...jsonChunks([])].join(''))).toEqual([]);
  });

  it('is one object a line as jsonl', () => {
    const lines = [...jsonlChunks(rows)].join('').trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { incident_id: string }).incident_id)).toEqual([
      '1',
      '2',
    ]);
  });

  it('keeps what is no JSON as text', () => {
    expect(JSON.parse([...jsonlChunks([row({ indicators: 'old, words' })])].join(''))).toMatchObject({
      indicators: 'old, words',
    });
  });
});

describe('xlsx', () => {
  const read = (bytes: Buffer): unknown[][] =>
    XLSX.utils.sheet_to_json(XLSX.read(bytes).Sheets.results!, { header: 1 });

  it('holds ids as text, numbers as numbers and formulas as harmless text', () => {
    const [header, cells] = read(
      xlsxBytes('f.xlsx', [row({ incident_id: '007', confidence: 0.5, rationale: '=1+1' })]),
    );
    expect(header).toEqual([...EXPORT_COLUMNS]);
    expect(cells![2]).toBe('007');
    expect(cells![9]).toBe(0.5);
    expect(cells![11]).toBe('=1+1');
  });

  it('refuses more results than a workbook in memory is made for', () => {
    const many = function* (): Generator<ExportRow> {
      for (let index = 0; index <= 200_000; index += 1) yield row({});
    };
    expect(() => xlsxBytes('f.xlsx', many())).toThrow(/no more than 200000 results.*csv or jsonl/);
  });

  it('refuses a text that a cell of Excel would cut, naming the row and column', () => {
    const long = row({ row_num: 12, raw_response: 'x'.repeat(32_768) });
    expect(() => xlsxBytes('f.xlsx', [long])).toThrow(ExportError);
    expect(() => xlsxBytes('f.xlsx', [long])).toThrow(
      /raw_response of result 12 has 32768 characters.*csv or jsonl/,
    );
  });
});
