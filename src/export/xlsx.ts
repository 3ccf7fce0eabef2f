/** Rows as an Excel workbook, in pieces; refuses what Excel would cut. */
import { ExportError } from './export-error';
import { EXPORT_COLUMNS, cellsOf, type ExportColumn, type ExportRow, type ExportValue } from './columns';
import { zipChunks, type ZipPart } from './zip';

const MAX_ROWS = 1_048_575;
const MAX_CELL_CHARACTERS = 32_767;
const REMEDY = 'Export as csv or jsonl instead.';

/** The workbook. Throws ExportError when a sheet cannot hold all of the rows, or a cell all of its text. */
export function* xlsxChunks(
  file: string,
  rows: Iterable<ExportRow>,
  columns: readonly ExportColumn[] = EXPORT_COLUMNS,
): Generator<Buffer, void> {
  const sheet: ZipPart = { name: 'xl/worksheets/sheet1.xml', pieces: sheetPieces(file, rows, columns) };
  try {
    yield* zipChunks([...FRAME, sheet]);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ExportError(file, 'a workbook cannot hold so much text', REMEDY, { cause: error });
  }
}

function* sheetPieces(
  file: string,
  rows: Iterable<ExportRow>,
  columns: readonly ExportColumn[],
): Iterable<string> {
  const letters = columns.map((_, index) => columnLetter(index));
  const rowOf = (values: readonly ExportValue[], number: number): string =>
    `<row r="${number}">${values.map((value, index) => cellOf(value, `${letters[index]!}${number}`)).join('')}</row>`;
  yield `${XML}<worksheet xmlns="${MAIN}"><sheetData>${rowOf(columns, 1)}`;
  let number = 1;
  for (const row of rows) {
    assertFits(file, row, number);
    number += 1;
    yield rowOf(cellsOf(row, columns), number);
  }
  yield '</sheetData></worksheet>';
}

/** A text is a text, even where it looks like a formula or a number. */
function cellOf(value: ExportValue, place: string): string {
  if (value === null) return '';
  if (typeof value === 'number') return `<c r="${place}"><v>${value}</v></c>`;
  return `<c r="${place}" t="inlineStr"><is><t xml:space="preserve">${escapeText(value)}</t></is></c>`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
/** What XML cannot hold or would change, and what Excel would take for its own way to write that. */
const UNWRITABLE = /[\0-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[\dA-Fa-f]{4}_)/g;

function escapeText(text: string): string {
  return text
    .replace(
      UNWRITABLE,
      (character) => `_x${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`,
    )
    .replace(/[&<>]/g, (character) => ENTITIES[character]!);
}

/** A to Z; there are no more than 26 columns. */
function columnLetter(index: number): string {
  return String.fromCharCode('A'.charCodeAt(0) + index);
}

function assertFits(file: string, row: ExportRow, index: number): void {
  if (index > MAX_ROWS) throw new ExportError(file, `a sheet holds no more than ${MAX_ROWS} results`, REMEDY);
  for (const column of EXPORT_COLUMNS) {
    const value = row[column];
    if (typeof value !== 'string' || value.length <= MAX_CELL_CHARACTERS) continue;
    throw new ExportError(
      file,
      `${column} of result ${String(row.row_num ?? index)} has ${value.length} characters, ` +
        `and a cell of Excel holds ${MAX_CELL_CHARACTERS}`,
      REMEDY,
    );
  }
}

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const FORMATS = 'http://schemas.openxmlformats.org';
const MAIN = `${FORMATS}/spreadsheetml/2006/main`;
const RELATIONS = `${FORMATS}/officeDocument/2006/relationships`;
const PACKAGE = `${FORMATS}/package/2006`;
const SHEET_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

/** The parts around the one sheet. */
const FRAME: readonly ZipPart[] = Object.entries({
  '[Content_Types].xml':
    `<Types xmlns="${PACKAGE}/content-types">` +
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
    `<Override PartName="/xl/workbook.xml" ContentType="${SHEET_TYPE}.sheet.main+xml"/>` +
    `<Override PartName="/xl/worksheets/sheet1.xml" ContentType="${SHEET_TYPE}.worksheet+xml"/></Types>`,
  '_rels/.rels':
    `<Relationships xmlns="${PACKAGE}/relationships">` +
    `<Relationship Id="rId1" Type="${RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  'xl/workbook.xml':
    `<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}">` +
    '<sheets><sheet name="results" sheetId="1" r:id="rId1"/></sheets></workbook>',
  'xl/_rels/workbook.xml.rels':
    `<Relationships xmlns="${PACKAGE}/relationships">` +
    `<Relationship Id="rId1" Type="${RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
}).map(([name, xml]) => ({ name, pieces: [`${XML}${xml}`] }));
