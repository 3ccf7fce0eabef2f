/** Reads a file of rows by its kind: an Excel workbook, or comma, semicolon or tab separated text. */
import { extname } from 'node:path';
import { DatasetError } from '../errors';
import { startOf } from './read-chunks';
import { readCsv } from './read-csv';
import { isWorkbook, readExcel } from './read-excel';
import type { SourceTable } from './source-table';

const EXCEL_EXTENSIONS = ['.xlsx', '.xlsm', '.xls'];
const TEXT_EXTENSIONS = ['.csv', '.tsv', '.txt'];

/** Bytes that tell a workbook from text. */
const START_BYTES = 8;

/** The rows of a file. Throws DatasetError when it is missing, empty, damaged, unreadable or of an unknown kind. */
export function readTable(file: string): SourceTable {
  const start = startOf(file, START_BYTES);
  if (start.length === 0) throw new DatasetError(file, 'it is empty', 'Copy it again from its source.');
  const extension = extname(file).toLowerCase();
  if (EXCEL_EXTENSIONS.includes(extension)) return readExcel(file);
  if (!TEXT_EXTENSIONS.includes(extension)) {
    const known = [...EXCEL_EXTENSIONS, ...TEXT_EXTENSIONS].join(', ');
    throw new DatasetError(
      file,
      `the kind of file "${extension}" is not known`,
      `Save it as one of ${known}.`,
    );
  }
  if (!isWorkbook(start)) return readCsv(file);
  throw new DatasetError(file, 'its content is an Excel workbook, not text', 'Name it .xlsx or .xls.');
}
