/**
 * Reads the first visible sheet of a workbook. Cells become what they hold, not what their format shows: an id stays
 * 100000 where Excel would show 1.0E+05. Errors such as #N/A are blank; a formula is its last computed value.
 */
import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import type * as XLSX from 'xlsx';
import { DatasetError } from '../errors';
import { checkZip } from './check-zip';
import { checksumsOfChunks } from './checksums';
import { tableOf, type CellValue, type SourceRow, type SourceTable } from './source-table';

const MAX_FILE_BYTES = 100_000_000;

/** How .xlsx and .xlsm files begin. */
const ZIP_START = Buffer.from('PK\x03\x04', 'latin1');
/** How .xls files and password-protected workbooks of any kind begin. */
const COMPOUND_FILE_START = Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
/** The part of a password-protected .xlsx that holds the workbook. */
const ENCRYPTED_PART = Buffer.from('EncryptedPackage', 'utf16le');

/** Throws DatasetError when the file is no workbook, damaged, protected, too large or without a visible sheet. */
export function readExcel(file: string): SourceTable {
  const bytes = readBytes(file);
  if (!isWorkbook(bytes)) {
    throw new DatasetError(
      file,
      'its content is not an Excel workbook, whatever its name says',
      'Name it .csv if it is text, or save it as .xlsx.',
    );
  }
  const isZip = startsWith(bytes, ZIP_START);
  if (isZip) checkZip(file, bytes);
  const workbook = openWorkbook(file, bytes);
  const { name, notices } = chooseSheet(file, workbook);
  const cells = workbook.Sheets[name]?.['!data'];
  if (cells === undefined || (isZip && lacksStrings(workbook))) throw unreadable(file);
  return tableOf(sourceRows(cells), {
    sheet: name,
    hasReplacements: false,
    notices,
    checksums: checksumsOfChunks([bytes]),
  });
}

/** The library needs all of a workbook at once. */
function readBytes(file: string): Buffer {
  if (statSync(file).size <= MAX_FILE_BYTES) return readFileSync(file);
  throw new DatasetError(file, 'a workbook of more than 100 MB is not opened', 'Save it as .csv.');
}

/** true = the content that begins so is that of a workbook, whatever the name of the file. */
export function isWorkbook(bytes: Buffer): boolean {
  return startsWith(bytes, ZIP_START) || startsWith(bytes, COMPOUND_FILE_START);
}

function startsWith(bytes: Buffer, start: Buffer): boolean {
  return bytes.subarray(0, start.length).equals(start);
}

/** At the first workbook only: it takes longer to load than most commands take altogether. */
function loadLibrary(): typeof XLSX {
  return createRequire(__filename)('xlsx') as typeof XLSX;
}

function openWorkbook(file: string, bytes: Buffer): XLSX.WorkBook {
  try {
    return loadLibrary().read(bytes, {
      type: 'buffer',
      dense: true,
      cellDates: true,
      cellFormula: false,
      cellHTML: false,
    });
  } catch (error) {
    // The parser's own error may quote cells, so it is not handed on.
    if (!isProtected(bytes, (error as Error).message)) throw unreadable(file);
    throw new DatasetError(
      file,
      'the workbook is protected by a password',
      'Save a copy without the password.',
    );
  }
}

/** New workbooks are wrapped whole, which the parser does not always say; of old ones it says so. */
function isProtected(bytes: Buffer, message: string): boolean {
  return bytes.includes(ENCRYPTED_PART) || /password/i.test(message);
}

function unreadable(file: string): DatasetError {
  return new DatasetError(
    file,
    'the workbook cannot be read',
    'Open it in a spreadsheet program and save it anew as .xlsx.',
  );
}

function chooseSheet(file: string, workbook: XLSX.WorkBook): { name: string; notices: string[] } {
  const names = workbook.SheetNames;
  const isVisible = (_: string, index: number) => !workbook.Workbook?.Sheets?.[index]?.Hidden;
  const visible = names.filter(isVisible);
  const [name] = visible;
  if (name === undefined) {
    throw new DatasetError(file, 'the workbook has no visible sheet', 'Unhide the sheet with the texts.');
  }
  const skipped = names.slice(0, names.indexOf(name));
  return {
    name,
    notices: [
      ...(skipped.length > 0 ? [`Hidden sheets were skipped: ${quoteNames(skipped)}.`] : []),
      ...(visible.length > 1
        ? [
            `The workbook has ${visible.length} visible sheets; only the first, ${quoteNames([name])}, was read.`,
          ]
        : []),
    ],
  };
}

function quoteNames(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ');
}

/**
 * The parser drops empty entries of the table of texts when they are written in their shortest form, and every text
 * after one would land in a wrong cell. It ends its list with one empty text of its own. A workbook whose texts stand in
 * their cells announces none.
 */
function lacksStrings(workbook: XLSX.WorkBook): boolean {
  const { Strings: strings } = workbook as { Strings?: unknown[] & { Unique?: string } };
  const announced = Number(strings?.Unique ?? 0);
  return announced > 0 && announced > strings!.length - 1;
}

function sourceRows(cells: readonly XLSX.CellObject[][]): SourceRow[] {
  const rows: SourceRow[] = [];
  cells.forEach((row, index) => rows.push({ number: index + 1, cells: cellValues(row) }));
  return rows;
}

/** As sparse as the sheet: a row may reach over thousands of empty columns, which are not even counted. */
function cellValues(row: readonly XLSX.CellObject[]): CellValue[] {
  const values: CellValue[] = [];
  for (const [column, cell] of Object.entries(row)) {
    const value = cellValue(cell);
    if (value !== undefined) values[Number(column)] = value;
  }
  return values;
}

function cellValue({ t: kind, v: value }: XLSX.CellObject): CellValue | undefined {
  if (kind === 'e' || value === undefined) return undefined;
  if (value instanceof Date) return isoText(value);
  if (typeof value === 'number' && !Number.isFinite(value)) return undefined;
  return value;
}

/** The parser gives the time on the wall as if it were UTC. Midnight is a date alone. */
function isoText(date: Date): string | undefined {
  if (Number.isNaN(date.getTime())) return undefined;
  const [day = '', time = ''] = date.toISOString().slice(0, 'YYYY-MM-DDTHH:MM:SS'.length).split('T');
  return time === '00:00:00' ? day : `${day}T${time}`;
}
