/** Reads a file of rows by its kind: an Excel workbook, or comma, semicolon or tab separated text. */
import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { DatasetError } from '../errors';
import { readCsv } from './read-csv';
import { isWorkbook, readExcel } from './read-excel';
import type { SourceTable } from './source-table';
import { unreadableFile } from './unreadable-file';

const EXCEL_EXTENSIONS = ['.xlsx', '.xlsm', '.xls'];
const TEXT_EXTENSIONS = ['.csv', '.tsv', '.txt'];

/** The bytes of a file. Throws DatasetError when it is missing, empty or unreadable. */
export function readBytes(file: string): Buffer {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw unreadableFile(file, error);
  }
  if (bytes.length > 0) return bytes;
  throw new DatasetError(file, 'it is empty', 'Copy it again from its source.');
}

/** The rows of a file. Throws DatasetError when it is damaged or of an unknown kind. */
export function readTable(file: string, bytes: Buffer): SourceTable {
  const extension = extname(file).toLowerCase();
  if (EXCEL_EXTENSIONS.includes(extension)) return readExcel(file, bytes);
  if (!TEXT_EXTENSIONS.includes(extension)) {
    const known = [...EXCEL_EXTENSIONS, ...TEXT_EXTENSIONS].join(', ');
    throw new DatasetError(
      file,
      `the kind of file "${extension}" is not known`,
      `Save it as one of ${known}.`,
    );
  }
  if (!isWorkbook(bytes)) return readCsv(file, bytes);
  throw new DatasetError(file, 'its content is an Excel workbook, not text', 'Name it .xlsx or .xls.');
}
