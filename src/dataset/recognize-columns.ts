/**
 * Tells by the column names which of the two formats a table has. Wide: one row per incident, a column per kind of
 * narrative. Long: one row per narrative. Names are compared trimmed and without regard to case.
 */
import { DatasetError } from '../errors';

/** Where the cells of one narrative are; columns count from 0. */
export interface NarrativeColumns {
  /** null = the kind of narrative stands in the column `SourceColumns.type`. */
  narrativeType: string | null;
  text: number;
  /** null = no such column. */
  label: number | null;
}

/** Where everything is in a table; columns count from 0. */
export interface SourceColumns {
  format: 'wide' | 'long';
  id: number;
  /** null = the kind follows from the column of the text. */
  type: number | null;
  /** In the order in which the narratives of one row follow one another. */
  narratives: NarrativeColumns[];
  /** null = no such column. */
  incidentLabel: number | null;
  /** All further columns that have a name, in their order. */
  attributes: { name: string; column: number }[];
  /** Names that stand above several columns, of which the first is read. */
  duplicateNames: string[];
}

const MAX_NAMES_SHOWN = 30;
/** A longer "name" is likely to be a text of a file without header and is not shown. */
const MAX_NAME_LENGTH = 40;

const EXPECTED =
  'Expected in the first row either the wide format (IncidentID, NarrativeCME, NarrativeLE; labels in ipv_manualCME, ' +
  'ipv_manualLE, ipv_manual if there are any) or the long format (incident_id, narrative_type, narrative_text; labels ' +
  'in manual_flag_ind, manual_flag if there are any).';

/** Throws DatasetError, naming the columns found, when they fit neither format. */
export function recognizeColumns(file: string, header: readonly string[]): SourceColumns {
  const names = header.map((name) => name.toLowerCase());
  const find = (name: string): number | null => {
    const column = names.indexOf(name.toLowerCase());
    return column < 0 ? null : column;
  };
  const known = wideColumns(find) ?? longColumns(find);
  if (known === null) {
    throw new DatasetError(
      file,
      `its columns are not recognised. Found: ${describeNames(header.filter((name) => name !== '')) || 'none'}`,
      EXPECTED,
    );
  }
  const taken = new Set(
    [
      known.id,
      known.type,
      known.incidentLabel,
      ...known.narratives.flatMap(({ text, label }) => [text, label]),
    ]
      .filter((column) => column !== null)
      .map((column) => names[column]),
  );
  return {
    ...known,
    attributes: header
      .map((name, column) => ({ name, column }))
      .filter(
        ({ name, column }) => name !== '' && !taken.has(names[column]) && header.indexOf(name) === column,
      ),
    duplicateNames: duplicatesOf(header, (name) =>
      taken.has(name.toLowerCase()) ? name.toLowerCase() : name,
    ),
  };
}

type KnownColumns = Omit<SourceColumns, 'attributes' | 'duplicateNames'>;
type FindColumn = (name: string) => number | null;

function wideColumns(find: FindColumn): KnownColumns | null {
  const id = find('IncidentID');
  const cme = find('NarrativeCME');
  const le = find('NarrativeLE');
  if (id === null || cme === null || le === null) return null;
  return {
    format: 'wide',
    id,
    type: null,
    narratives: [
      { narrativeType: 'cme', text: cme, label: find('ipv_manualCME') },
      { narrativeType: 'le', text: le, label: find('ipv_manualLE') },
    ],
    incidentLabel: find('ipv_manual'),
  };
}

function longColumns(find: FindColumn): KnownColumns | null {
  const id = find('incident_id');
  const type = find('narrative_type');
  const text = find('narrative_text');
  if (id === null || type === null || text === null) return null;
  return {
    format: 'long',
    id,
    type,
    narratives: [{ narrativeType: null, text, label: find('manual_flag_ind') }],
    incidentLabel: find('manual_flag'),
  };
}

/** Names that occur again, each once, as first written. */
function duplicatesOf(header: readonly string[], sameAs: (name: string) => string): string[] {
  const keys = header.map(sameAs);
  return header.filter(
    (name, column) =>
      name !== '' && keys.indexOf(keys[column]!) === column && keys.lastIndexOf(keys[column]!) !== column,
  );
}

/** Column names for a message: quoted, short, and without characters that could trick a terminal. */
export function describeNames(names: readonly string[]): string {
  const shown = names.slice(0, MAX_NAMES_SHOWN).map((name) => {
    if (name.length > MAX_NAME_LENGTH) return `(a cell of ${name.length} characters)`;
    return `"${name.replaceAll(/\p{Control}|\p{Format}/gu, '?')}"`;
  });
  const left = names.length - shown.length;
  return [...shown, ...(left > 0 ? [`and ${left} more`] : [])].join(', ');
}
