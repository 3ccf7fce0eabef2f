import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { checksumsOf, textsSha256 } from '../../src/dataset/read-dataset';
import { DataFolder, datasetErrorOf, readAll } from './data-folder';

const WIDE = ['IncidentID', 'NarrativeCME', 'NarrativeLE'];
const LONG = ['incident_id', 'narrative_type', 'narrative_text'];

let folder: DataFolder;
beforeEach(() => {
  folder = new DataFolder();
});
afterEach(() => folder.remove());

/** Ids, types and texts as one line each. */
const linesOf = (file: string): string[] =>
  readAll(file).narratives.map(
    ({ incidentId, narrativeType, text }) => `${incidentId} ${narrativeType} ${text}`,
  );

describe('the wide format', () => {
  it('gives CME before LE for each row, in the order of the rows', () => {
    const file = folder.writeCsv([WIDE, ['20', 'b', 'c'], ['3', 'd', 'e']]);
    expect(linesOf(file)).toEqual(['20 cme b', '20 le c', '3 cme d', '3 le e']);
  });

  it('gives CME before LE wherever the columns stand', () => {
    const file = folder.writeCsv([
      ['NarrativeLE', 'x', 'IncidentID', 'NarrativeCME'],
      ['l', '', '1', 'c'],
    ]);
    expect(linesOf(file)).toEqual(['1 cme c', '1 le l']);
  });

  it('reads the label of each narrative and of the incident', () => {
    const header = [...WIDE, 'ipv_manualCME', 'ipv_manualLE', 'ipv_manual'];
    const { narratives, report } = readAll(
      folder.writeCsv([header, ['1', 'a', 'b', '0', '1', '1'], ['2', 'c', 'd', '', 'FALSE', 'NA']]),
    );
    expect(narratives.map(({ manualFlagInd, manualFlag }) => [manualFlagInd, manualFlag])).toEqual([
      [0, 1],
      [1, 1],
      [null, null],
      [0, null],
    ]);
    expect(report).toMatchObject({ format: 'wide', nLabelled: 3, nUnreadableLabels: 0 });
  });

  it.each([
    ['ipv_manualCME', [1, null], [null, null]],
    ['ipv_manualLE', [null, 1], [null, null]],
    ['ipv_manual', [null, null], [1, 1]],
  ])('takes labels from %s alone', (column, own, incident) => {
    const { narratives } = readAll(
      folder.writeCsv([
        [...WIDE, column],
        ['1', 'a', 'b', 'yes'],
      ]),
    );
    expect(narratives.map(({ manualFlagInd }) => manualFlagInd)).toEqual(own);
    expect(narratives.map(({ manualFlag }) => manualFlag)).toEqual(incident);
  });
});

describe('the long format', () => {
  it('reads any kind of narrative, its type in lower case', () => {
    const file = folder.writeCsv([LONG, ['7', ' CME ', 'a'], ['7', 'Hospital', 'b'], ['8', 'LE', 'c']]);
    expect(linesOf(file)).toEqual(['7 cme a', '7 hospital b', '8 le c']);
  });

  it('reads its labels', () => {
    const header = [...LONG, 'manual_flag', 'manual_flag_ind'];
    const { narratives, report } = readAll(folder.writeCsv([header, ['7', 'cme', 'a', '1', '0']]));
    expect(narratives[0]).toMatchObject({ manualFlagInd: 0, manualFlag: 1 });
    expect(report).toMatchObject({ format: 'long', nLabelled: 1 });
  });

  it('leaves out a row without a type', () => {
    const { narratives, report } = readAll(folder.writeCsv([LONG, ['7', ' ', 'a'], ['8', 'le', 'b']]));
    expect(narratives).toHaveLength(1);
    expect(report.nWithoutId).toBe(1);
    expect(report.notices).toEqual(['Left out for want of a narrative type: row 2.']);
  });
});

describe('columns', () => {
  it('are recognised whatever their case and the blanks around them', () => {
    expect(
      linesOf(
        folder.writeCsv([
          [' incidentid', 'NARRATIVECME ', 'narrativele'],
          ['1', 'a', 'b'],
        ]),
      ),
    ).toHaveLength(2);
    expect(
      linesOf(
        folder.writeCsv([
          ['INCIDENT_ID', ' Narrative_Type', 'narrative_TEXT'],
          ['1', 'le', 'a'],
        ]),
      ),
    ).toHaveLength(1);
  });

  it('that are not recognised are named, with both formats, and texts among them are not', () => {
    const text = 'The victim was found at home by a neighbour who had a key.';
    const { message } = datasetErrorOf(() =>
      readAll(
        folder.writeCsv([
          ['Incident', 'Nar\u001b[31mrative', text],
          ['1', 'a', 'b'],
        ]),
      ),
    );
    expect(message).toContain('"Incident", "Nar?[31mrative"');
    expect(message).toContain('IncidentID, NarrativeCME, NarrativeLE');
    expect(message).toContain('incident_id, narrative_type, narrative_text');
    expect(message).not.toContain('victim');
  });

  it('of further names become attributes, trimmed and without blank ones', () => {
    const { narratives } = readAll(
      folder.writeCsv([
        [...WIDE, ' IncidentYear', 'SiteID'],
        ['1', 'a', 'b', ' 2020 ', ' '],
        ['2', 'c', '', '', ''],
      ]),
    );
    expect(narratives.map(({ attributes }) => attributes)).toEqual([
      { IncidentYear: '2020' },
      { IncidentYear: '2020' },
      null,
    ]);
  });

  it('named like parts of an object are attributes like any other', () => {
    const header = [...WIDE, '__proto__', 'constructor', 'toString'];
    const { narratives } = readAll(folder.writeCsv([header, ['1', 'a', '', 'x', 'y', '']]));
    expect(JSON.stringify(narratives[0]?.attributes)).toBe('{"__proto__":"x","constructor":"y"}');
    expect(({} as Record<string, unknown>).x).toBeUndefined();
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
  });

  it('of one name are reported, and the first is read', () => {
    const header = [...WIDE, 'incidentid', 'Year', 'Year', 'year'];
    const { narratives, report } = readAll(
      folder.writeCsv([header, ['1', 'a', '', '9', '2020', '2021', '2022']]),
    );
    expect(narratives[0]).toMatchObject({ incidentId: '1', attributes: { Year: '2020', year: '2022' } });
    expect(narratives[0]?.attributes).not.toHaveProperty('incidentid');
    expect(report.notices).toEqual([
      'Several columns have the same name, and only the first of each was read: "IncidentID", "Year".',
    ]);
  });

  it('without a name are reported when they hold something', () => {
    const { report } = readAll(
      folder.writeCsv([
        [...WIDE, '', ''],
        ['1', 'a', '', '', ''],
        ['2', 'a', '', '', 'x'],
      ]),
    );
    expect(report.notices).toEqual(['Cells in columns without a name were left out in row 3.']);
  });
});

describe('labels', () => {
  const labelOf = (label: string) => {
    const { narratives, report } = readAll(
      folder.writeCsv([
        [...LONG, 'manual_flag_ind'],
        ['1', 'le', 'a', label],
      ]),
    );
    return [narratives[0]?.manualFlagInd, report.nUnreadableLabels];
  };

  it.each(['1', '1.0', 'true', 'TRUE', 'T', 'Yes', 'y', ' 1 '])('%p is yes', (label) => {
    expect(labelOf(label)).toEqual([1, 0]);
  });

  it.each(['0', '0.0', 'False', 'f', 'NO', 'n'])('%p is no', (label) => {
    expect(labelOf(label)).toEqual([0, 0]);
  });

  it.each(['', ' ', 'NA', 'n/a', 'NULL'])('%p is no label', (label) => {
    expect(labelOf(label)).toEqual([null, 0]);
  });

  it.each(['2', 'maybe', '-1', '0.5', 'oui'])('%p is counted as unreadable', (label) => {
    expect(labelOf(label)).toEqual([null, 1]);
  });

  it('that are unreadable are counted once for each cell and named by row', () => {
    const header = [...WIDE, 'ipv_manualCME', 'ipv_manualLE', 'ipv_manual'];
    const { report } = readAll(
      folder.writeCsv([header, ['1', 'a', 'b', '1', '?', '?'], ['2', 'a', 'b', '?', '0', '0']]),
    );
    expect(report).toMatchObject({ nUnreadableLabels: 3, nLabelled: 2 });
    expect(report.notices).toEqual(['Labels that are neither yes nor no were taken as missing: rows 2, 3.']);
  });
});

describe('rows', () => {
  it('add up in the report', () => {
    const { report, narratives } = readAll(
      folder.writeCsv([
        WIDE,
        ['1', 'a', 'b'],
        ['', 'c', 'd'],
        ['', '', ''],
        ['2', '', ' '],
        ['1', 'x', 'b'],
        ['3', 'e', ''],
      ]),
    );
    expect(report).toEqual({
      format: 'wide',
      sheet: null,
      nRows: 5,
      nBlank: 3,
      nDuplicate: 2,
      nWithoutId: 1,
      nLabelled: 0,
      nUnreadableLabels: 0,
      nRepairedTexts: 0,
      nNarratives: 3,
      notices: [
        'Left out for want of an id: row 3.',
        'Left out because incident and type came before: row 6.',
        'Of these the text differs from the one that was kept: row 6.',
      ],
    });
    expect(narratives).toHaveLength(3);
  });

  it('that come twice keep the first text', () => {
    const file = folder.writeCsv([LONG, ['1', 'LE', 'first'], ['1', 'le', 'second'], ['1', 'cme', 'third']]);
    expect(linesOf(file)).toEqual(['1 le first', '1 cme third']);
  });

  it('whose first narrative is blank are no duplicates of later ones', () => {
    expect(linesOf(folder.writeCsv([LONG, ['1', 'le', ' '], ['1', 'le', 'kept']]))).toEqual(['1 le kept']);
  });

  it('are not mixed up when ids and types run together alike', () => {
    expect(linesOf(folder.writeCsv([LONG, ['1a', 'b', 'x'], ['1', 'ab', 'y']]))).toHaveLength(2);
  });

  it('are named up to ten, and the others counted', () => {
    const blank = Array.from({ length: 13 }, () => ['', 'a', '']);
    const { report } = readAll(folder.writeCsv([WIDE, ...blank, ['1', 'a', '']]));
    expect(report.notices).toEqual([
      'Left out for want of an id: rows 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 3 more.',
    ]);
  });

  it('that look wrongly decoded are reported', () => {
    const { report } = readAll(
      folder.writeCsv([WIDE, ['1', 'cafÃ©', ''], ['2', 'doesnâ€™t', ''], ['3', 'café Ã la', '']]),
    );
    expect(report.notices).toEqual([expect.stringMatching(/^Texts look wrongly decoded .*: rows 2, 3\.$/)]);
  });
});

describe('a file that cannot be used', () => {
  it('is said to be missing', () => {
    const file = join(folder.path, 'none.csv');
    expect(datasetErrorOf(() => readAll(file))).toMatchObject({ file, exitCode: 2 });
    expect(datasetErrorOf(() => readAll(file)).message).toContain('there is no such file. Check data.file');
    expect(datasetErrorOf(() => checksumsOf(file)).message).toContain('there is no such file');
  });

  it('is said to be a folder', () => {
    const path = join(folder.path, 'folder.csv');
    mkdirSync(path);
    expect(datasetErrorOf(() => readAll(path)).message).toContain('it is a folder');
    expect(datasetErrorOf(() => checksumsOf(path)).message).toContain('it is a folder');
  });

  it.each(['empty.csv', 'empty.xlsx'])('is said to be empty (%s)', (name) => {
    const file = folder.write(name, '');
    expect(datasetErrorOf(() => readAll(file)).message).toContain('it is empty');
  });

  it.each(['data.json', 'data'])('is said to be of an unknown kind (%s)', (name) => {
    const file = folder.write(name, 'IncidentID,NarrativeCME,NarrativeLE\n1,a,b');
    expect(datasetErrorOf(() => readAll(file)).message).toMatch(
      /kind of file .* is not known.*\.xlsx.*\.csv/,
    );
  });

  it.each([
    ['only a header', [WIDE]],
    ['only blank narratives', [WIDE, ['1', '', ' '], ['', 'a', 'b']]],
  ])('is said to have no usable narrative when it has %s', (_, rows) => {
    const file = folder.writeCsv(rows);
    expect(datasetErrorOf(() => readAll(file)).message).toContain('it has no usable narrative');
  });

  it.each(['\n\n', ' \r\n'])('is said to have no known columns when all is blank (%j)', (content) => {
    const file = folder.write('blank.csv', content);
    expect(datasetErrorOf(() => readAll(file)).message).toContain('columns are not recognised. Found: none');
  });
});

describe('checksums', () => {
  it('are those of the bytes of the file', () => {
    const content = `incident_id,narrative_type,narrative_text\n1,le,${'é'.repeat(2_000_000)}\n`;
    const file = folder.write('data.csv', content);
    const expected = {
      sha256: createHash('sha256').update(content).digest('hex'),
      md5: createHash('md5').update(content).digest('hex'),
    };
    expect(checksumsOf(file)).toEqual(expected);
    expect(readAll(file).checksums).toEqual(expected);
  });
});

describe('textsSha256', () => {
  const texts = (...rows: string[][]) =>
    textsSha256(
      rows.map(([incidentId = '', narrativeType = '', text = '']) => ({ incidentId, narrativeType, text })),
    );

  it('is the SHA-256 of one written form, which must not change', () => {
    const form = '["1","le","a"]["2","cme","é"]';
    expect(texts(['1', 'le', 'a'], ['2', 'cme', 'é'])).toBe(createHash('sha256').update(form).digest('hex'));
  });

  it.each<[string, string[][]]>([
    [
      'the order',
      [
        ['2', 'cme', 'b'],
        ['1', 'le', 'a'],
      ],
    ],
    [
      'an id',
      [
        ['3', 'le', 'a'],
        ['2', 'cme', 'b'],
      ],
    ],
    [
      'a type',
      [
        ['1', 'cme', 'a'],
        ['2', 'cme', 'b'],
      ],
    ],
    [
      'a text',
      [
        ['1', 'le', 'a '],
        ['2', 'cme', 'b'],
      ],
    ],
    [
      'where one part ends',
      [
        ['1l', 'e', 'a'],
        ['2', 'cme', 'b'],
      ],
    ],
    ['a subset', [['1', 'le', 'a']]],
  ])('changes with %s', (_, rows) => {
    expect(texts(...rows)).not.toBe(texts(['1', 'le', 'a'], ['2', 'cme', 'b']));
  });

  it('is the same for a file with other labels, attributes and layout', () => {
    const wide = folder.writeCsv([WIDE, ['1', 'a', 'b']], 'wide.csv');
    const labelled = folder.writeCsv([
      [...LONG, 'manual_flag_ind', 'x'],
      ['1', 'cme', 'a', '1', 'y'],
      ['1', 'le', 'b', '', ''],
    ]);
    expect(readAll(labelled).textsSha256).toBe(readAll(wide).textsSha256);
  });
});
