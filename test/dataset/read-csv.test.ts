import fc from 'fast-check';
import { DataFolder, datasetErrorOf, workbookBytes, readAll } from './data-folder';

const HEADER = 'incident_id,narrative_type,narrative_text';

let folder: DataFolder;
beforeEach(() => {
  folder = new DataFolder();
});
afterEach(() => folder.remove());

const read = (content: string | Buffer, name = 'data.csv') => readAll(folder.write(name, content));
const textsOf = (content: string | Buffer, name?: string) =>
  read(content, name).narratives.map(({ text }) => text);

describe('cells', () => {
  it.each(['007', '1e5', '1e+05', '1/2', '12345678901234567890', 'TRUE', '-0', '1.50'])(
    'keep %s as written',
    (id) => {
      expect(read(`${HEADER}\n${id},le,${id}`).narratives[0]).toMatchObject({ incidentId: id, text: id });
    },
  );

  it('hold quotes, delimiters and line breaks when quoted', () => {
    expect(textsOf(`${HEADER}\n1,le,"He said ""no"", left\r\nand\ncame back"\n2,le,b`)).toEqual([
      'He said "no", left\r\nand\ncame back',
      'b',
    ]);
  });

  it('lose the blanks around them, inside and outside of quotes', () => {
    expect(read(`${HEADER}\n 1 , LE ," a b\n "\n`).narratives[0]).toMatchObject({
      incidentId: '1',
      narrativeType: 'le',
      text: 'a b',
    });
  });

  it('are all read when a column is blank for its first thousand rows', () => {
    const blank = Array.from({ length: 1100 }, (_, index) => `${index},a,`).join('\n');
    const { narratives } = read(`IncidentID,NarrativeCME,NarrativeLE\n${blank}\n2000,,late\n`);
    expect(narratives.at(-1)).toMatchObject({ incidentId: '2000', narrativeType: 'le', text: 'late' });
  });

  it('of any text come back the same', () => {
    const quote = (cell: string) => `"${cell.replaceAll('"', '""')}"`;
    const text = fc
      .string({
        unit: fc.oneof(
          fc.constantFrom(',', ';', '\t', '"', '\n', '\r', ' ', '\ufeff'),
          fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
        ),
      })
      .filter((value) => value.trim() !== '');
    fc.assert(
      fc.property(
        fc.array(text, { minLength: 1, maxLength: 8 }),
        fc.constantFrom(',', ';', '\t'),
        fc.constantFrom('\n', '\r\n', '\r'),
        (texts, delimiter, lineEnd) => {
          const rows = texts.map((value, index) => [String(index), 'le', value]);
          const content = [HEADER.split(','), ...rows]
            .map((row) => row.map(quote).join(delimiter))
            .join(lineEnd);
          expect(textsOf(content)).toEqual(texts.map((value) => value.trim()));
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('the delimiter', () => {
  it.each([
    [',', 'data.csv'],
    [';', 'data.csv'],
    ['\t', 'data.tsv'],
    ['\t', 'data.txt'],
    [',', 'DATA.TXT'],
  ])('%j is found in the header of %s', (delimiter, name) => {
    const content = [HEADER.split(','), ['1', 'le', '"a, b; c\td"']]
      .map((row) => row.join(delimiter))
      .join('\n');
    expect(textsOf(content, name)).toEqual(['a, b; c\td']);
  });

  it('is found when column names hold others', () => {
    expect(textsOf(`"a,b,c,d,e";${HEADER.replaceAll(',', ';')}\nx;1;le;text`)).toEqual(['text']);
  });

  it('is found behind blank lines, and a tab keeps blank cells apart', () => {
    expect(
      textsOf(`\n\t\t\n${HEADER.replaceAll(',', '\t')}\tx\n1\tle\ta\t\n2\tle\tb\t\t`.slice(0, -1)),
    ).toEqual(['a', 'b']);
  });
});

describe('the encoding', () => {
  const content = `${HEADER}\n1,le,Zoë’s café 😀\n`;
  const utf16 = Buffer.from(`\ufeff${content}`, 'utf16le');

  it.each<[string, Buffer]>([
    ['UTF-8', Buffer.from(content)],
    ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${content}`)],
    ['UTF-16, little endian', utf16],
    ['UTF-16, big endian', Buffer.from(utf16).swap16()],
  ])('%s is read without a notice', (_, bytes) => {
    const { narratives, report } = read(bytes);
    expect(narratives[0]).toMatchObject({ incidentId: '1', text: 'Zoë’s café 😀' });
    expect(report.notices).toEqual([]);
  });

  it('is taken for windows-1252 with a notice when it is not UTF-8', () => {
    const { narratives, report } = read(Buffer.from(`${HEADER}\n1,le,it\x92s caf\xe9 \x80 \x9f\n`, 'latin1'));
    expect(narratives[0]?.text).toBe('it’s café € Ÿ');
    expect(report.notices).toEqual([expect.stringContaining('windows-1252')]);
  });

  it('stays UTF-8 when one place is damaged, and the text is counted as repaired', () => {
    const bytes = Buffer.concat([
      Buffer.from(`${HEADER}\n1,le,é ü ø\n2,le,b`),
      Buffer.from([0xe9]),
      Buffer.from('\n'),
    ]);
    const { narratives, report } = read(bytes);
    expect(narratives.map(({ text }) => text)).toEqual(['é ü ø', 'b\ufffd']);
    expect(report.nRepairedTexts).toBe(1);
    expect(report.notices).toEqual([
      expect.stringContaining('save it again as UTF-8'),
      'Broken characters in texts were replaced by U+FFFD: row 3.',
    ]);
  });

  it('of a half character in UTF-16 is repaired and counted', () => {
    const { narratives, report } = read(Buffer.from(`\ufeff${HEADER}\n1,le,a\ud83d\n2,le,b`, 'utf16le'));
    expect(narratives.map(({ text }) => text)).toEqual(['a\ufffd', 'b']);
    expect(report.nRepairedTexts).toBe(1);
  });

  it('takes no byte order mark into the first column name', () => {
    expect(read(`\ufeff"incident_id",narrative_type,narrative_text\n1,le,a`).narratives).toHaveLength(1);
  });
});

describe('rows', () => {
  it.each(['\n', '\r\n', '\r'])('may end in %j, and blank ones do not count', (lineEnd) => {
    const { narratives, report } = read([HEADER, '1,le,a', '', '   ', ',,', '2,le,b', ''].join(lineEnd));
    expect(narratives).toHaveLength(2);
    expect(report).toMatchObject({ nRows: 2, nWithoutId: 0 });
  });

  it.each([
    ['too few', '2,le', 'row 4 has 2 cells where the header has 3'],
    ['too many', '2,le,b,SECRET', 'row 4 has 4 cells where the header has 3'],
    ['a quote in the middle', '2,le,b "SECRET" c', 'the quotes in row 4'],
    ['text behind a quote', '2,le,"SECRET" c', 'the quotes in row 4'],
    ['a quote without an end', '2,le,"SECRET', 'the quotes in row 4'],
  ])('with %s are refused by number, without their text', (_, row, expected) => {
    const { message, cause } = datasetErrorOf(() => read(`${HEADER}\n1,le,"a\na"\n\n${row}\n3,le,c`));
    expect(message).toContain(expected);
    expect(message).not.toContain('SECRET');
    expect(cause).toBeUndefined();
  });
});

it('a workbook named .csv is refused', () => {
  const bytes = workbookBytes([{ name: 'S', rows: [HEADER.split(','), ['1', 'le', 'a']] }]);
  expect(datasetErrorOf(() => read(bytes)).message).toContain('its content is an Excel workbook');
});
