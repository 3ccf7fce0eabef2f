/** Tells from a header which of the two known formats a table has, and which columns hold what. Pure. */
import { DatasetError } from '../errors';

/** One narrative of a row: where its text and its own label stand; a null label column = none. */
export interface NarrativeColumns {
  /** null = the type stands in `typeColumn`. */
  type: string | null;
  text: number;
  label: number | null;
}

/** Column numbers (0-based) of a table. */
export interface Columns {
  format: 'wide' | 'long';
  id: number;
  /** null = the type is given by the text's column. */
  type: number | null;
  narratives: NarrativeColumns[];
  incidentLabel: number | null;
  /** Further columns, kept as attributes. */
  attributes: { name: string; column: number }[];
}

/** Recognises wide and long tables by their headers, whatever their case. Throws DatasetError. */
export function recognizeColumns(file: string, header: readonly string[]): Columns {
  const names = header.map((name) => name.trim().toLowerCase());
  const find = (name: string): number | null => {
    const column = names.indexOf(name.toLowerCase());
    return column < 0 ? null : column;
  };
  const known = wide(find) ?? long(find);
  if (known === null) {
    throw new DatasetError(
      file,
      `its columns are not recognised (found: ${
        header
          .map((name) => name.slice(0, 40))
          .join(', ')
          .slice(0, 500) || 'none'
      })`,
      'Expected IncidentID, NarrativeCME, NarrativeLE or incident_id, narrative_type, narrative_text in the first row.',
    );
  }
  const used = [
    known.id,
    known.type,
    known.incidentLabel,
    ...known.narratives.flatMap((n) => [n.text, n.label]),
  ];
  const attributes = header
    .map((name, column) => ({ name: name.trim(), column }))
    .filter(({ name, column }) => name !== '' && !used.includes(column));
  return { ...known, attributes };
}

type Find = (name: string) => number | null;
type KnownColumns = Omit<Columns, 'attributes'>;

function wide(find: Find): KnownColumns | null {
  const [id, cme, le] = [find('IncidentID'), find('NarrativeCME'), find('NarrativeLE')];
  if (id === null || cme === null || le === null) return null;
  return {
    format: 'wide',
    id,
    type: null,
    narratives: [
      { type: 'cme', text: cme, label: find('ipv_manualCME') },
      { type: 'le', text: le, label: find('ipv_manualLE') },
    ],
    incidentLabel: find('ipv_manual'),
  };
}

function long(find: Find): KnownColumns | null {
  const [id, type, text] = [find('incident_id'), find('narrative_type'), find('narrative_text')];
  if (id === null || type === null || text === null) return null;
  return {
    format: 'long',
    id,
    type,
    narratives: [{ type: null, text, label: find('manual_flag_ind') }],
    incidentLabel: find('manual_flag'),
  };
}
