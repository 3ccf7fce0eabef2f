/** A temporary folder with real data files. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as XLSX from 'xlsx';
import { readDataset, type SourceDataset, type SourceNarrative } from '../../src/dataset/read-dataset';
import { DatasetError } from '../../src/errors';

/** A sheet of a workbook: rows of plain values or whole cells. */
export interface Sheet {
  name: string;
  rows: (XLSX.CellObject | string | number | boolean | Date | null)[][];
  isHidden?: boolean;
}

export class DataFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'longhaul-'));

  /** Writes a file and gives its path. */
  write(name: string, content: string | Buffer): string {
    const file = join(this.path, name);
    writeFileSync(file, content);
    return file;
  }

  /** Writes rows of cells that need no quoting. */
  writeCsv(rows: string[][], name = 'data.csv'): string {
    return this.write(name, rows.map((row) => row.join(',')).join('\n'));
  }

  /** Writes a workbook; the kind follows from the extension. */
  writeWorkbook(sheets: Sheet[], name = 'data.xlsx'): string {
    return this.write(name, workbookBytes(sheets, name.endsWith('.xls') ? 'biff8' : 'xlsx'));
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** Reads a data file with all its narratives. */
export function readAll(file: string): SourceDataset & { narratives: SourceNarrative[] } {
  const dataset = readDataset(file);
  return { ...dataset, narratives: [...dataset.narratives] };
}

/** The bytes of a workbook whose texts are in a table of their own, as Excel writes them. */
export function workbookBytes(
  sheets: Sheet[],
  bookType: 'xlsx' | 'biff8' = 'xlsx',
  date1904 = false,
): Buffer {
  const workbook = XLSX.utils.book_new();
  for (const { name, rows } of sheets) {
    XLSX.utils.book_append_sheet(workbook, XLSX.utils.aoa_to_sheet(rows, { UTC: true }), name);
  }
  workbook.Workbook = {
    Sheets: sheets.map(({ isHidden }) => ({ Hidden: isHidden === true ? 1 : 0 })),
    WBProps: { date1904 },
  };
  return XLSX.write(workbook, { type: 'buffer', bookType, bookSST: true, compression: true }) as Buffer;
}

/** What SheetJS does not declare of its archive functions. */
interface Archives {
  read(bytes: Buffer, options: object): { FileIndex: { name: string; content: Uint8Array; size: number }[] };
  write(archive: object, options: object): Buffer;
  readonly utils: { cfb_new(): object; cfb_add(archive: object, name: string, content: Buffer): void };
}

/** The outside of a password-protected .xlsx; what is inside is made up. */
export function protectedWorkbookBytes(): Buffer {
  const { utils, write } = XLSX.CFB as Archives;
  const archive = utils.cfb_new();
  utils.cfb_add(archive, '/EncryptionInfo', Buffer.alloc(100, 4));
  utils.cfb_add(archive, '/EncryptedPackage', Buffer.alloc(5000, 7));
  return write(archive, { type: 'buffer' });
}

/** The bytes of a workbook with one of its parts rewritten; other parts stay as they are. */
export function rewritePart(bytes: Buffer, name: string, rewrite: (xml: string) => string): Buffer {
  const archives = XLSX.CFB as Archives;
  const archive = archives.read(bytes, { type: 'buffer' });
  const part = archive.FileIndex.find((entry) => entry.name === name);
  if (part === undefined) throw new Error(`The workbook has no part ${name}`);
  part.content = Buffer.from(rewrite(Buffer.from(part.content).toString('utf8')), 'utf8');
  part.size = part.content.length;
  return archives.write(archive, { type: 'buffer', fileType: 'zip', compression: true });
}

/** The DatasetError that the work throws; fails when it throws none. */
export function datasetErrorOf(work: () => unknown): DatasetError {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(DatasetError);
    return error as DatasetError;
  }
  throw new Error('No error was thrown');
}
