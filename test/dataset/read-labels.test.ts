import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as XLSX from 'xlsx';
import { spellingsOfId } from '../../src/dataset/id-spellings';
import { readLabels, type LabelFile } from '../../src/dataset/read-labels';
import { DatasetError } from '../../src/errors';
import { inFolder } from '../helpers/client-process';

const read = (text: string): Promise<LabelFile> =>
  inFolder((folder) => {
    const file = join(folder, 'labels.csv');
    writeFileSync(file, text);
    return Promise.resolve(readLabels(file));
  });

const entriesOf = ({ entries }: LabelFile): unknown[] =>
  entries.map((entry) => [entry.incidentId, entry.narrativeType, entry.manualFlagInd, entry.manualFlag]);

it('the wide format gives the labels of both narratives and of the incident', async () => {
  const file = await read('IncidentID,ipv_manualCME,ipv_manualLE,ipv_manual\n1,Yes,no,TRUE\n2,,0,\n');
  expect(entriesOf(file)).toEqual([
    ['1', 'cme', 1, null],
    ['1', 'le', 0, null],
    ['1', null, null, 1],
    ['2', 'le', 0, null],
  ]);
  expect(file).toMatchObject({ nRows: 2, nBlank: 2 });
});

it.each(['manual_flag_ind', 'label', 'Label'])('the long format takes the column %s', async (column) => {
  const file = await read(
    `incident_id,narrative_type,${column},narrative_text\n1,CME,1,words\n1,le,F,words\n`,
  );
  expect(entriesOf(file)).toEqual([
    ['1', 'cme', 1, null],
    ['1', 'le', 0, null],
  ]);
});

it('rows that cannot be used are told by number, and contradictions count for neither label', async () => {
  const file = await read(
    'incident_id,narrative_type,label\n1,cme,maybe\n,cme,1\n2,,1\n3,cme,1\n3,cme,0\n4,cme,1\n4,cme,yes\n',
  );
  expect(entriesOf(file)).toEqual([['4', 'cme', 1, null]]);
  expect(file).toMatchObject({ unreadableRows: [2], rowsWithoutId: [3, 4], contradictingRows: [6] });
});

it('a workbook is read as well as text', async () => {
  await inFolder((folder) => {
    const file = join(folder, 'labels.xlsx');
    const book = XLSX.utils.book_new();
    const rows = [
      ['IncidentID', 'ipv_manualCME'],
      [100_000, true],
    ];
    XLSX.utils.book_append_sheet(book, XLSX.utils.aoa_to_sheet(rows), 'Labels');
    XLSX.writeFile(book, file, { bookSST: true });
    expect(entriesOf(readLabels(file))).toEqual([['100000', 'cme', 1, null]]);
    return Promise.resolve();
  });
});

it.each([
  ['a,b\n1,2\n', /no columns of labels that are known\. Found: "a", "b"/],
  ['IncidentID,label\n1,1\n', /no columns of labels/],
  ['incident_id,narrative_type\n1,cme\n', /no columns of labels/],
])('%j is refused with what is expected', async (text, message) => {
  await expect(read(text)).rejects.toThrow(message);
});

it('a file that is missing is told', () => {
  expect(() => readLabels('/nowhere/labels.csv')).toThrow(DatasetError);
});

it.each([
  ['17', ['17', '1.7e+01']],
  ['100000', ['100000', '1e+05']],
  ['1e+05', ['1e+05', '100000']],
  ["'-5", ["'-5", '-5']],
  ["'x", ["'x"]],
  ['A-1', ['A-1']],
])('the id %s may be written as %j', (id, expected) => {
  expect(spellingsOfId(id)).toEqual(expected);
});
