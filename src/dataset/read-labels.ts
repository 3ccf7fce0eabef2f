/** Reads a file of labels: who, which kind of narrative, yes or no. Other columns, texts among them, are not looked at. */
import { existsSync } from 'node:fs';
import { DatasetError } from '../errors';
import { spellingsOfId } from './id-spellings';
import { readLabel } from './read-label';
import { readTable } from './read-table';
import { describeNames } from './recognize-columns';
import { cellText, type SourceRow } from './source-table';

/** What the file says about one narrative, or about all of an incident. */
export interface LabelEntry {
  incidentId: string;
  /** The id and other ways to write it. */
  idSpellings: string[];
  /** Lower case; null = every narrative of the incident. */
  narrativeType: string | null;
  /** Label of the narrative; null = the file says nothing. */
  manualFlagInd: 0 | 1 | null;
  /** Label of the incident; null = the file says nothing. */
  manualFlag: 0 | 1 | null;
}

/** The labels of a file and what could not be used. */
export interface LabelFile {
  file: string;
  nRows: number;
  /** In the order of the rows; one for each narrative or incident. */
  entries: LabelEntry[];
  /** Rows (by number) with a cell that is neither a label nor blank. */
  unreadableRows: number[];
  /** Rows without an id or, where the file has such a column, a kind of narrative. */
  rowsWithoutId: number[];
  /** Label cells that are blank. */
  nBlank: number;
  /** Rows that contradict an earlier one; neither of the two labels is used. */
  contradictingRows: number[];
}

interface LabelColumn {
  column: number;
  /** null = as the row says; `incident` = of the whole incident. */
  of: 'cme' | 'le' | 'incident' | null;
}

const EXPECTED =
  'Expected in the first row IncidentID with ipv_manualCME, ipv_manualLE or ipv_manual, or incident_id and ' +
  'narrative_type with manual_flag_ind (or label) or manual_flag.';

const LABEL_COLUMNS: readonly [name: string, of: LabelColumn['of']][] = [
  ['ipv_manualcme', 'cme'],
  ['ipv_manualle', 'le'],
  ['ipv_manual', 'incident'],
  ['manual_flag_ind', null],
  ['label', null],
  ['manual_flag', 'incident'],
];

/** Throws DatasetError when the file is unreadable, or has no column of ids or of labels. */
export function readLabels(file: string): LabelFile {
  if (!existsSync(file)) throw new DatasetError(file, 'there is no such file', 'Check its path.');
  const table = readTable(file);
  const names = (table.header ?? []).map((name) => name.toLowerCase());
  const find = (...candidates: string[]): number => names.findIndex((name) => candidates.includes(name));
  const id = find('incidentid', 'incident_id');
  const type = find('narrative_type', 'narrativetype');
  const labels = LABEL_COLUMNS.map(([name, of]) => ({ column: names.indexOf(name), of })).filter(
    ({ column, of }) => column >= 0 && (of !== null || type >= 0),
  );
  if (id < 0 || labels.length === 0) {
    const found = describeNames((table.header ?? []).filter((name) => name !== ''));
    throw new DatasetError(
      file,
      `it has no columns of labels that are known. Found: ${found || 'none'}`,
      EXPECTED,
    );
  }
  const collector = new LabelCollector(file, { id, type, labels });
  for (const row of table.rows) collector.add(row);
  return collector.finish();
}

interface LabelLayout {
  id: number;
  /** -1 = no such column. */
  type: number;
  labels: readonly LabelColumn[];
}

class LabelCollector {
  private readonly entries = new Map<string, LabelEntry>();
  private readonly contradicted = new Set<string>();
  private readonly unreadableRows = new Set<number>();
  private readonly contradictingRows = new Set<number>();
  private readonly rowsWithoutId: number[] = [];
  private nRows = 0;
  private nBlank = 0;

  constructor(
    private readonly file: string,
    private readonly layout: LabelLayout,
  ) {}

  add(row: SourceRow): void {
    this.nRows += 1;
    const incidentId = cellText(row.cells[this.layout.id]);
    const type = this.layout.type < 0 ? null : cellText(row.cells[this.layout.type]).toLowerCase();
    if (incidentId === '' || type === '') {
      this.rowsWithoutId.push(row.number);
      return;
    }
    for (const { column, of } of this.layout.labels) {
      const label = readLabel(row.cells[column]);
      if (label === undefined) this.unreadableRows.add(row.number);
      else if (label === null) this.nBlank += 1;
      else if (of === 'incident') this.note(row, { incidentId, narrativeType: null }, label);
      else this.note(row, { incidentId, narrativeType: of ?? type }, label);
    }
  }

  finish(): LabelFile {
    return {
      file: this.file,
      nRows: this.nRows,
      entries: [...this.entries].filter(([key]) => !this.contradicted.has(key)).map(([, entry]) => entry),
      unreadableRows: [...this.unreadableRows],
      rowsWithoutId: this.rowsWithoutId,
      nBlank: this.nBlank,
      contradictingRows: [...this.contradictingRows],
    };
  }

  private note(
    row: SourceRow,
    { incidentId, narrativeType }: Pick<LabelEntry, 'incidentId' | 'narrativeType'>,
    label: 0 | 1,
  ): void {
    const key = JSON.stringify([incidentId, narrativeType]);
    const labels =
      narrativeType === null
        ? { manualFlagInd: null, manualFlag: label }
        : { manualFlagInd: label, manualFlag: null };
    const earlier = this.entries.get(key);
    if (earlier === undefined) {
      this.entries.set(key, { incidentId, idSpellings: spellingsOfId(incidentId), narrativeType, ...labels });
    } else if ((earlier.manualFlagInd ?? earlier.manualFlag) !== label) {
      this.contradicted.add(key);
      this.contradictingRows.add(row.number);
    }
  }
}
