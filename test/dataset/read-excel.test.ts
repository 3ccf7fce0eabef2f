import { truncateSync } from 'node:fs';
import { crc32, deflateRawSync } from 'node:zlib';
import * as XLSX from 'xlsx';
import {
  DataFolder,
  datasetErrorOf,
  protectedWorkbookBytes,
  rewritePart,
  workbookBytes,
  type Sheet,
  readAll,
} from './data-folder';

const LONG = ['incident_id', 'narrative_type', 'narrative_text'];
const WIDE = ['IncidentID', 'NarrativeCME', 'NarrativeLE'];

let folder: DataFolder;
beforeEach(() => {
  folder = new DataFolder();
});
afterEach(() => folder.remove());

const readSheets = (sheets: Sheet[], name?: string) => readAll(folder.writeWorkbook(sheets, name));
const readRows = (rows: Sheet['rows'], name?: string) => readSheets([{ name: 'Sheet1', rows }], name);
const readBytes = (bytes: Buffer) => readAll(folder.write('data.xlsx', bytes));
type Cell = Sheet['rows'][number][number];

describe.each(['data.xlsx', 'data.xls'])('cells of %s', (name) => {
  it.each<[string, Cell, string]>([
    ['a number of six digits', 100000, '100000'],
    ['a number shown in powers of ten', { t: 'n', v: 100000, z: '0.0E+00' }, '100000'],
    ['a number of fifteen digits', 123456789012345, '123456789012345'],
    ['a fraction', 1.5, '1.5'],
    ['a text of digits', '007', '007'],
    ['a long text of digits', '12345678901234567890', '12345678901234567890'],
    ['a date', new Date(Date.UTC(2020, 0, 2)), '2020-01-02'],
    ['a date with a time', { t: 'n', v: 43832.5625, z: 'm/d/yy h:mm' }, '2020-01-02T13:30:00'],
    ['a truth value', true, 'TRUE'],
    ['a formula', { t: 'n', v: 42, f: '6*7' }, '42'],
    ['a formula of text', { t: 's', v: 'ab', f: '"a"&"b"' }, 'ab'],
    ['surrounding blanks', '  x \n', 'x'],
  ])('give %s as text', (_, cell, expected) => {
    const { narratives } = readRows([LONG, [cell, 'le', 'a'], ['1', 'cme', cell]], name);
    expect([narratives[0]?.incidentId, narratives[1]?.text]).toEqual([expected, expected]);
  });

  it('with errors are blank', () => {
    const error: Cell = { t: 'e', v: 42, w: '#N/A' };
    const { narratives, report } = readRows(
      [WIDE, ['1', error, 'a'], [error, 'b', 'c'], [error, error, error]],
      name,
    );
    expect(narratives.map(({ text }) => text)).toEqual(['a']);
    expect(report).toMatchObject({ nBlank: 1, nWithoutId: 1, nRows: 2 });
  });
});

describe('cells', () => {
  it.each([12345678901234567890, 2 ** 53, -(2 ** 60)])('give no id when they are the number %p', (id) => {
    const { narratives, report } = readRows([WIDE, [id, 'a', 'b'], [1, 'c', 'd']]);
    expect(narratives).toHaveLength(2);
    expect(report).toMatchObject({ nWithoutId: 1, nRows: 2 });
    expect(report.notices).toEqual([expect.stringMatching(/too large to be exact .*: row 2\.$/)]);
  });

  it('give an id when they are the largest exact number', () => {
    const { narratives } = readRows([LONG, [Number.MAX_SAFE_INTEGER, 'le', 'a']]);
    expect(narratives[0]?.incidentId).toBe('9007199254740991');
  });

  it('that hold a number for a narrative are read and reported', () => {
    const { narratives, report } = readRows([WIDE, [1, 5, 'b']]);
    expect(narratives[0]?.text).toBe('5');
    expect(report.notices).toEqual([
      'Numbers or truth values in place of a narrative were read as text: row 2.',
    ]);
  });

  it('give labels from numbers and truth values', () => {
    const { narratives } = readRows([
      [...WIDE, 'ipv_manualCME', 'ipv_manualLE'],
      [1, 'a', 'b', 1, false],
    ]);
    expect(narratives.map(({ manualFlagInd }) => manualFlagInd)).toEqual([1, 0]);
  });

  it('count dates from 1904 where the workbook says so', () => {
    const rows = [LONG, ['1', 'le', { t: 'n', v: 100, z: 'yyyy-mm-dd' }]] as Sheet['rows'];
    const bytes = workbookBytes([{ name: 'S', rows }], 'xlsx', true);
    expect(readBytes(bytes).narratives[0]?.text).toBe('1904-04-10');
  });

  const replaceText = (xml: string) =>
    readBytes(
      rewritePart(
        workbookBytes([{ name: 'S', rows: [LONG, ['1', 'le', 'TEXT']] }]),
        'sharedStrings.xml',
        (part) => part.replace(/<t[^>]*>TEXT<\/t>/, xml),
      ),
    );

  it.each([
    ['rich text', '<r><t xml:space="preserve">one </t></r><r><rPr><b/></rPr><t>two</t></r>', 'one two'],
    ['an escaped carriage return', '<t>a_x000D_b</t>', 'a\rb'],
    ['an escaped underscore', '<t>a_x005F_x000D_b</t>', 'a_x000D_b'],
    ['entities', '<t>a &lt;b&gt; &amp;amp; c</t>', 'a <b> &amp; c'],
    ['characters beyond 16 bits', '<t>😀 é</t>', '😀 é'],
  ])('give %s as plain text', (_, xml, expected) => {
    expect(replaceText(xml).narratives[0]?.text).toBe(expected);
  });

  it('with half a character are repaired and counted', () => {
    const { narratives, report } = replaceText('<t>a_xD83D_b</t>');
    expect(narratives[0]?.text).toBe('a\ufffdb');
    expect(report).toMatchObject({ nRepairedTexts: 1, notices: [expect.stringContaining('row 2')] });
  });

  it('are all read when a column is blank for its first thousand rows', () => {
    const blank = Array.from({ length: 1100 }, (_, index) => [index, 'a', null]);
    const { narratives } = readRows([WIDE, ...blank, [2000, null, 'late']]);
    expect(narratives.at(-1)).toMatchObject({ incidentId: '2000', narrativeType: 'le', text: 'late' });
  });

  it('under a header like __proto__ are attributes', () => {
    const { narratives } = readRows([
      [...WIDE, '__proto__', 'SiteID', 'SiteID'],
      [1, 'a', null, 'x', 7, 8],
    ]);
    expect(JSON.stringify(narratives[0]?.attributes)).toBe('{"__proto__":"x","SiteID":"7"}');
  });
});

describe('rows', () => {
  it('are read where texts stand in their cells and not in a table of texts', () => {
    const sheet = XLSX.utils.aoa_to_sheet([WIDE, [1, 'first', ''], [2, '', 'second']]);
    const book = XLSX.utils.book_new(sheet, 'Sheet1');
    const bytes = XLSX.write(book, { type: 'buffer', bookType: 'xlsx', compression: true }) as Buffer;
    expect(readBytes(bytes).narratives.map(({ text }) => text)).toEqual(['first', 'second']);
    for (const share of [0.2, 0.5, 0.8, 0.99])
      expect(datasetErrorOf(() => readBytes(bytes.subarray(0, bytes.length * share))).message).toMatch(
        /xlsx/,
      );
  });

  it('that are blank are skipped, before the header too, and do not shift row numbers', () => {
    const { report, narratives } = readRows([
      [],
      WIDE,
      [null, ' ', null],
      [],
      [null, 'a', 'b'],
      [1, 'c', 'd'],
    ]);
    expect(report).toMatchObject({
      nRows: 2,
      nWithoutId: 1,
      notices: ['Left out for want of an id: row 5.'],
    });
    expect(narratives).toHaveLength(2);
  });

  it('that reach over thousands of empty columns are read and reported', () => {
    const { report } = readRows([WIDE, [1, 'a', 'b', ...Array.from({ length: 16_000 }, () => null), 'far']]);
    expect(report.notices).toEqual(['Cells in columns without a name were left out in row 2.']);
  });

  it('are all read within five seconds for a workbook of 20,946', () => {
    const text = 'The decedent was found at home by a relative. '.repeat(15);
    const header = ['IncidentID', 'IncidentYear', 'SiteID', 'NarrativeCME', 'NarrativeLE'];
    const rows = Array.from({ length: 20_946 }, (_, index) => [
      100_000 + index,
      2020,
      index % 50,
      `${text}${index}`,
      `${index} ${text}`,
    ]);
    const file = folder.writeWorkbook([{ name: 'S', rows: [header, ...rows] }]);
    const before = performance.now();
    const { narratives } = readAll(file);
    const elapsedMs = performance.now() - before;
    expect(narratives).toHaveLength(2 * 20_946);
    expect(narratives[0]).toMatchObject({
      incidentId: '100000',
      attributes: { IncidentYear: '2020', SiteID: '0' },
    });
    expect(elapsedMs).toBeLessThan(5000);
  });
});

describe('sheets', () => {
  const data: Sheet = { name: 'Data', rows: [LONG, ['1', 'le', 'a']] };
  const other: Sheet = { name: 'Other', rows: [['x'], ['y']] };

  it('without company need no notice', () => {
    expect(readSheets([data]).report).toMatchObject({ sheet: 'Data', notices: [] });
  });

  it('after the first are left out with a notice', () => {
    expect(readSheets([data, other]).report).toMatchObject({
      sheet: 'Data',
      notices: ['The workbook has 2 visible sheets; only the first, "Data", was read.'],
    });
  });

  it('that are hidden are skipped with a notice', () => {
    expect(readSheets([{ ...other, isHidden: true }, data]).report).toMatchObject({
      sheet: 'Data',
      notices: ['Hidden sheets were skipped: "Other".'],
    });
  });
});

describe('a damaged or protected workbook is refused', () => {
  const good = () => workbookBytes([{ name: 'S', rows: [LONG, ['1', 'le', 'SECRET '.repeat(500)]] }]);

  it('when it is cut off, at any place', () => {
    const bytes = good();
    for (const share of [0.01, 0.3, 0.6, 0.9, 0.999]) {
      const file = folder.write('data.xlsx', bytes);
      truncateSync(file, Math.floor(bytes.length * share));
      expect(datasetErrorOf(() => readAll(file)).message).toMatch(/damaged or cut off|not an Excel workbook/);
    }
  });

  it('when one bit in a part has flipped', () => {
    const bytes = good();
    const name = bytes.indexOf('xl/sharedStrings.xml');
    bytes[name + 40] = bytes[name + 40]! ^ 0x10;
    expect(datasetErrorOf(() => readBytes(bytes)).message).toContain('the workbook is damaged or cut off');
  });

  it('when its table of texts has lost entries', () => {
    const bytes = rewritePart(good(), 'sharedStrings.xml', (xml) =>
      xml
        .replace('<si>', '<si/><si>')
        .replaceAll(/ount="(\d+)"/g, (_, count: string) => `ount="${Number(count) + 1}"`),
    );
    expect(datasetErrorOf(() => readBytes(bytes)).message).toContain('the workbook cannot be read');
  });

  it('when it has no workbook inside', () => {
    expect(datasetErrorOf(() => readBytes(zipOf([['a.txt', Buffer.from('hello')]]))).message).toContain(
      'the workbook cannot be read',
    );
  });

  it.each(['data.xlsx', 'data.xls', 'data.xlsm'])('when it is a text named %s', (name) => {
    const file = folder.write(name, `${LONG.join(',')}\n1,le,a`);
    expect(datasetErrorOf(() => readAll(file)).message).toContain('its content is not an Excel workbook');
  });

  it('when it is protected by a password, with what to do', () => {
    expect(datasetErrorOf(() => readBytes(protectedWorkbookBytes())).message).toContain(
      'protected by a password. Save a copy without the password.',
    );
  });

  it('when an old workbook is cut off', () => {
    const bytes = workbookBytes([{ name: 'S', rows: [LONG, ['1', 'le', 'a']] }], 'biff8');
    const file = folder.write('data.xls', bytes.subarray(0, 600));
    expect(datasetErrorOf(() => readAll(file)).message).toContain('the workbook cannot be read');
  });
});

describe('a zip bomb is refused before it is parsed', () => {
  it('when it unpacks to two hundred times its size', () => {
    const bytes = zipOf([['xl/workbook.xml', Buffer.alloc(11_000_000)]]);
    expect(datasetErrorOf(() => readBytes(bytes)).message).toContain('unpacks to 11 MB in 1 parts');
  });

  it('when it says that it unpacks to more than 1 GB', () => {
    const bytes = zipOf([['a', Buffer.alloc(10)]], 1_000_000_001);
    expect(datasetErrorOf(() => readBytes(bytes)).message).toContain('unpacks to 1001 MB');
  });

  it('when it has more than ten thousand parts', () => {
    const bytes = zipOf(Array.from({ length: 10_001 }, (_, index) => [String(index), Buffer.alloc(0)]));
    expect(datasetErrorOf(() => readBytes(bytes)).message).toContain('in 10001 parts');
  });

  it('when a part unpacks to more than it says', () => {
    const bytes = zipOf([['a', Buffer.alloc(5_000_000)]], 10);
    expect(datasetErrorOf(() => readBytes(bytes)).message).toContain('damaged or cut off');
  });

  it('when the file itself is larger than 100 MB', () => {
    const bytes = Buffer.alloc(100_000_001);
    bytes.write('PK\x03\x04', 'latin1');
    expect(datasetErrorOf(() => readBytes(bytes)).message).toContain('more than 100 MB');
  });

  it('when the file itself is larger than Node reads at once', () => {
    const file = folder.write('data.xlsx', Buffer.from('PK\x03\x04', 'latin1'));
    truncateSync(file, 3 * 2 ** 30);
    expect(datasetErrorOf(() => readAll(file)).message).toContain('more than 100 MB');
  });
});

/** A zip archive of these parts; `statedBytes` stands for each part's true size. */
function zipOf(parts: [name: string, content: Buffer][], statedBytes?: number): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of parts) {
    const packed = deflateRawSync(content);
    const facts = Buffer.alloc(26);
    facts.writeUInt16LE(20, 0);
    facts.writeUInt16LE(8, 4);
    facts.writeUInt32LE(crc32(content), 10);
    facts.writeUInt32LE(packed.length, 14);
    facts.writeUInt32LE(statedBytes ?? content.length, 18);
    facts.writeUInt16LE(name.length, 22);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    facts.copy(entry, 6);
    entry.writeUInt32LE(offset, 42);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), facts, Buffer.from(name), packed]);
    locals.push(local);
    directory.push(entry, Buffer.from(name));
    offset += local.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(parts.length, 8);
  end.writeUInt16LE(parts.length, 10);
  end.writeUInt32LE(Buffer.concat(directory).length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, ...directory, end]);
}
