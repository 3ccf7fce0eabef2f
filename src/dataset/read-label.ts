/** Reads what people write for yes and no in a label column. */
import { cellText, type CellValue } from './source-table';

const YES = new Set(['1', '1.0', 'true', 't', 'yes', 'y']);
const NO = new Set(['0', '0.0', 'false', 'f', 'no', 'n']);
const BLANK = new Set(['', 'na', 'n/a', 'null']);

/** The label of a cell; null = not labelled, undefined = something that is no label. */
export function readLabel(value: CellValue | undefined): 0 | 1 | null | undefined {
  const word = cellText(value).toLowerCase();
  if (YES.has(word)) return 1;
  if (NO.has(word)) return 0;
  return BLANK.has(word) ? null : undefined;
}
