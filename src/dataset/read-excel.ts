/** Reads the first visible sheet of a workbook: every cell becomes text, whatever type the workbook gives it. */
import * as XLSX from 'xlsx';
import { DatasetError } from '../errors';
import { readSourceFile } from './checksums';
import type { SourceTable } from './read-dataset';

const MAX_BYTES = 100 * 1024 * 1024;
/** Local file header of a ZIP archive, and the start of an old binary workbook. */
const SIGNATURES = [
  [0x50, 0x4b, 0x03, 0x04],
  [0xd0, 0xcf, 0x11, 0xe0],
];

/** Reads the table; the first row is its header. Throws DatasetError. */
export function readExcel(file: string): SourceTable {
  const bytes = readSourceFile(file);
  if (bytes.length > MAX_BYTES) throw new DatasetError(file, 'it is larger than 100 MB', 'Save it as .csv.');
  const workbook = openWorkbook(file, bytes);
  const visible = workbook.SheetNames.filter((_, index) => !workbook.Workbook?.Sheets?.[index]?.Hidden);
  const sheetName = visible[0] ?? workbook.SheetNames[0];
  const sheet = sheetName === undefined ? undefined : workbook.Sheets[sheetName];
  if (sheetName === undefined || sheet === undefined) throw damaged(file);
  const rows = XLSX.utils.sheet_to_json<unknown[]>(sheet, {
    header: 1,
    raw: true,
    defval: null,
    blankrows: false,
  });
  const notices: string[] = [];
  if (workbook.SheetNames.length > 1) {
    notices.push(`The workbook has ${workbook.SheetNames.length} sheets; "${sheetName}" was read.`);
  }
  const [header = [], ...body] = rows.map((row) => row.map(cellText));
  const nUnsafe = countUnsafeNumbers(rows);
  if (nUnsafe > 0)
    notices.push(`${nUnsafe} whole numbers are too large for Excel to hold exactly; they were left out.`);
  return { header, rows: body, sheet: sheetName, notices };
}

function openWorkbook(file: string, bytes: Buffer): XLSX.WorkBook {
  if (!SIGNATURES.some((signature) => signature.every((byte, index) => bytes[index] === byte)))
    throw damaged(file);
  try {
    return XLSX.read(bytes, {
      type: 'buffer',
      dense: true,
      cellDates: true,
      UTC: true,
      cellFormula: false,
      cellHTML: false,
    });
  } catch (error) {
    throw damaged(file, error);
  }
}

function damaged(file: string, cause?: unknown): DatasetError {
  return new DatasetError(
    file,
    'it is damaged or no Excel workbook',
    'Export it again, or save it as .csv.',
    { cause },
  );
}

function cellText(value: unknown): string {
  if (typeof value === 'string') return value.trim();
  if (typeof value === 'number') return isUnsafe(value) ? '' : String(value);
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
  if (value instanceof Date) return value.toISOString().replace(/T00:00:00.000Z$/, '');
  return '';
}

function countUnsafeNumbers(rows: unknown[][]): number {
  return rows.reduce((count, row) => count + row.filter(isUnsafe).length, 0);
}

/** A whole number beyond 2^53 has lost digits already. */
function isUnsafe(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value);
}
