/** Turns the rows of a table into narratives in source order, and counts all that was left out or repaired. Pure. */
import type { SourceTable } from './read-dataset';
import type { Columns } from './recognize-columns';

/** One text with its identity and labels; null label = not labelled. */
export interface SourceNarrative {
  incidentId: string;
  narrativeType: string;
  text: string;
  /** Label of this narrative. */
  manualFlagInd: 0 | 1 | null;
  /** Label of its incident. */
  manualFlag: 0 | 1 | null;
  /** Further columns; null = none. */
  attributes: Record<string, string> | null;
}

/** What an import saw. */
export interface LoadReport {
  format: 'wide' | 'long';
  sheet: string | null;
  /** Rows that are not blank as a whole. */
  nRows: number;
  /** Narrative cells without a text. */
  nBlank: number;
  /** Narratives left out because incident and type came before. */
  nDuplicate: number;
  /** Rows left out because they have no id. */
  nWithoutId: number;
  /** Narratives with a label of their own. */
  nLabelled: number;
  /** Label cells that say neither yes nor no; read as no label. */
  nUnreadableLabels: number;
  /** Texts with broken characters that were replaced. */
  nRepairedTexts: number;
  nNarratives: number;
  notices: string[];
}

const TRUE_LABELS = ['1', '1.0', 'true', 't', 'yes', 'y'];
const FALSE_LABELS = ['0', '0.0', 'false', 'f', 'no', 'n'];
const NO_LABELS = ['', 'na', 'n/a', 'null', 'nan'];

/** Collects the narratives of a table. */
export function collectNarratives(
  table: SourceTable,
  columns: Columns,
): { narratives: SourceNarrative[]; report: LoadReport } {
  const report: LoadReport = {
    format: columns.format,
    sheet: table.sheet,
    nRows: 0,
    nBlank: 0,
    nDuplicate: 0,
    nWithoutId: 0,
    nLabelled: 0,
    nUnreadableLabels: 0,
    nRepairedTexts: 0,
    nNarratives: 0,
    notices: [...table.notices],
  };
  const seen = new Set<string>();
  const narratives: SourceNarrative[] = [];
  for (const row of table.rows) {
    if (row.every((cell) => cell === '')) continue;
    report.nRows += 1;
    for (const narrative of narrativesOfRow(row, columns, report)) {
      const key = JSON.stringify([narrative.incidentId, narrative.narrativeType]);
      if (seen.has(key)) {
        report.nDuplicate += 1;
        continue;
      }
      seen.add(key);
      if (narrative.manualFlagInd !== null) report.nLabelled += 1;
      narratives.push(narrative);
    }
  }
  report.nNarratives = narratives.length;
  if (report.nUnreadableLabels > 0) {
    report.notices.push(
      `${report.nUnreadableLabels} label cells say neither yes nor no; read as not labelled.`,
    );
  }
  if (report.nRepairedTexts > 0) {
    report.notices.push(
      `${report.nRepairedTexts} texts had broken characters, which were replaced by U+FFFD.`,
    );
  }
  return { narratives, report };
}

function* narrativesOfRow(row: string[], columns: Columns, report: LoadReport): Iterable<SourceNarrative> {
  const incidentId = cell(row, columns.id);
  if (incidentId === '') {
    report.nWithoutId += 1;
    return;
  }
  const manualFlag = readLabel(cell(row, columns.incidentLabel), report);
  const attributes = attributesOf(row, columns);
  for (const { type, text: textColumn, label } of columns.narratives) {
    const text = repair(cell(row, textColumn), report);
    const narrativeType = type ?? cell(row, columns.type).toLowerCase();
    if (text === '' || narrativeType === '') {
      report.nBlank += 1;
      continue;
    }
    const manualFlagInd = readLabel(cell(row, label), report);
    yield { incidentId: wellFormed(incidentId), narrativeType, text, manualFlagInd, manualFlag, attributes };
  }
}

function cell(row: string[], column: number | null): string {
  return column === null ? '' : (row[column] ?? '');
}

function attributesOf(row: string[], { attributes }: Columns): Record<string, string> | null {
  const entries = attributes
    .map(({ name, column }) => [name, wellFormed(cell(row, column))] as const)
    .filter(([, value]) => value !== '');
  return entries.length === 0 ? null : Object.fromEntries(entries);
}

function readLabel(text: string, report: LoadReport): 0 | 1 | null {
  const word = text.toLowerCase();
  if (TRUE_LABELS.includes(word)) return 1;
  if (FALSE_LABELS.includes(word)) return 0;
  if (!NO_LABELS.includes(word)) report.nUnreadableLabels += 1;
  return null;
}

function repair(text: string, report: LoadReport): string {
  const repaired = wellFormed(text);
  if (repaired !== text) report.nRepairedTexts += 1;
  return repaired;
}

/** SQLite stores UTF-8: a lone half of a surrogate pair cannot be kept. */
function wellFormed(text: string): string {
  return text.replace(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g, '\uFFFD');
}
