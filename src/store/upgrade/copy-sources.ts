/**
 * Brings the older source table into datasets: one for each `data_source`, in the order of its rows, under the same
 * narrative ids. Where an id and type comes again within one source, the later rows make a dataset of their own.
 */
import type { ResultsDatabase } from '../results-database';
import type { UpgradeDependencies } from './dependencies';
import { OlderTable } from './older-table';

/** Name that stands where the older file names no data file. */
const UNKNOWN_FILE = '(unknown)';

interface OlderSource {
  source: string;
  occurrence: number;
  nNarratives: number;
  md5: string | null;
  loadedAt: string | null;
}

/** Copies the source table; leaves `source_map` behind, which tells where each narrative stands. */
export function copySources(database: ResultsDatabase, dependencies: UpgradeDependencies): string[] {
  const older = new OlderTable(database, 'source_narratives');
  database.exec(mapSources(older));
  const sources = database.prepare(listSources(older)).all() as OlderSource[];
  for (const source of sources) copySource(database, older, source, dependencies);
  const nNarratives = sources.reduce((sum, source) => sum + source.nNarratives, 0);
  return [
    `Sources: ${nNarratives} narratives in ${sources.length} datasets.`,
    ...sources
      .filter(({ occurrence }) => occurrence > 1)
      .map(
        ({ source, nNarratives: n }) =>
          `${n} narratives that came again in ${source} are in a dataset of their own.`,
      ),
  ];
}

/** Inserts a dataset and gives its id. Texts that are there already get a hash of their own, as it must be unique. */
export function insertDataset(
  database: ResultsDatabase,
  { textsSha256, sourcePath, md5, nNarratives, importedAt }: NewDataset,
  { sha256Hex }: Pick<UpgradeDependencies, 'sha256Hex'>,
): number {
  const isTaken = database.prepare('SELECT 1 FROM datasets WHERE texts_sha256 = ?').pluck();
  let unique = textsSha256;
  while (isTaken.get(unique) !== undefined) unique = sha256Hex(`${unique} again`);
  return Number(
    database
      .prepare(
        `INSERT INTO datasets (texts_sha256, file_sha256, file_md5, source_path, n_narratives, load_report, imported_at)
         VALUES (?, '', ?, ?, ?, ?, ?)`,
      )
      .run(
        unique,
        md5 ?? '',
        sourcePath,
        nNarratives,
        JSON.stringify({ nNarratives, notices: ['Taken over from a file of the older program.'] }),
        importedAt,
      ).lastInsertRowid,
  );
}

/** A dataset as an upgrade makes it; its file's SHA-256 is not known. */
export interface NewDataset {
  textsSha256: string;
  sourcePath: string;
  /** null = not stored. */
  md5: string | null;
  nNarratives: number;
  importedAt: string;
}

function copySource(
  database: ResultsDatabase,
  older: OlderTable,
  { source, occurrence, nNarratives, md5, loadedAt }: OlderSource,
  dependencies: UpgradeDependencies,
): void {
  const narratives = database
    .prepare(
      `SELECT m.incident_id AS incidentId, m.narrative_type AS narrativeType,
         ${older.text('narrative_text')} AS text
       FROM source_map m JOIN older_source_narratives o ON o.rowid = m.narrative_id
       WHERE m.source = ? AND m.occurrence = ? ORDER BY m.narrative_id`,
    )
    .iterate(source, occurrence) as Parameters<UpgradeDependencies['textsSha256']>[0];
  const path = source === '' ? UNKNOWN_FILE : source;
  const dataset: NewDataset = {
    textsSha256: dependencies.textsSha256(narratives),
    sourcePath: occurrence === 1 ? path : `${path} (repetition ${occurrence - 1})`,
    md5,
    nNarratives,
    importedAt: loadedAt ?? dependencies.now.toISOString(),
  };
  const datasetId = insertDataset(database, dataset, dependencies);
  database.prepare(insertNarratives(older)).run({ datasetId, source, occurrence });
}

const mapSources = (older: OlderTable): string => `
CREATE TEMP TABLE source_map (
  narrative_id INTEGER PRIMARY KEY,
  source TEXT NOT NULL,
  occurrence INTEGER NOT NULL,
  position INTEGER NOT NULL,
  incident_id TEXT NOT NULL,
  canonical_id TEXT NOT NULL,
  narrative_type TEXT NOT NULL
);
INSERT INTO source_map
SELECT narrative_id, source, occurrence,
  row_number() OVER (PARTITION BY source, occurrence ORDER BY narrative_id) - 1,
  incident_id, canonical_id(incident_id), narrative_type
FROM (
  SELECT narrative_id, source, incident_id, narrative_type,
    row_number() OVER (PARTITION BY source, incident_id, narrative_type ORDER BY narrative_id) AS occurrence
  FROM (
    SELECT o.rowid AS narrative_id, coalesce(${older.text('data_source')}, '') AS source,
      coalesce(${older.text('incident_id')}, '') AS incident_id,
      coalesce(${older.text('narrative_type')}, '') AS narrative_type
    FROM older_source_narratives o));
CREATE INDEX temp.source_by_id ON source_map (incident_id, narrative_type);
CREATE INDEX temp.source_by_canonical ON source_map (canonical_id, narrative_type);
CREATE INDEX temp.source_by_source ON source_map (source, occurrence, narrative_id);
`;

const listSources = (older: OlderTable): string => `
SELECT m.source, m.occurrence, count(*) AS nNarratives, max(${older.text('data_checksum')}) AS md5,
  max(${older.text('loaded_at')}) AS loadedAt
FROM source_map m JOIN older_source_narratives o ON o.rowid = m.narrative_id
GROUP BY m.source, m.occurrence ORDER BY min(m.narrative_id)`;

const insertNarratives = (older: OlderTable): string => `
INSERT INTO source_narratives (narrative_id, incident_id, narrative_type, narrative_text, manual_flag_ind, manual_flag,
  data_source, data_checksum, loaded_at, dataset_id)
SELECT m.narrative_id, m.incident_id, m.narrative_type, ${older.text('narrative_text')},
  ${older.flag('manual_flag_ind')}, ${older.flag('manual_flag')}, ${older.text('data_source')},
  ${older.text('data_checksum')}, coalesce(${older.text('loaded_at')}, ''), $datasetId
FROM source_map m JOIN older_source_narratives o ON o.rowid = m.narrative_id
WHERE m.source = $source AND m.occurrence = $occurrence ORDER BY m.narrative_id`;
