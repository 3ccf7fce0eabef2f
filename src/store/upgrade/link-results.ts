/**
 * Finds the narrative of each older result, and one result for each narrative of an experiment. A result without a
 * source row gets one in the dataset `legacy`. `result_map` holds what was found; the rows themselves are not touched.
 */
import type { ResultsDatabase } from '../results-database';
import { insertDataset } from './copy-sources';
import type { UpgradeDependencies } from './dependencies';
import { OlderTable } from './older-table';

/** Which experiment worked on which data file, as `source_map` spells it; '' = not known. */
export type ExperimentSources = ReadonlyMap<string, string>;

/** Fills `result_map`; gives lines about what did not simply fit. */
export function linkResults(
  database: ResultsDatabase,
  sources: ExperimentSources,
  dependencies: UpgradeDependencies,
): string[] {
  const results = new OlderTable(database, 'narrative_results');
  const texts = new OlderTable(database, 'source_narratives', 's');
  const change = (sql: string): number => database.prepare(sql).run().changes;
  database.exec(MAP_TABLE);
  database
    .prepare(fillMap(results))
    .run(JSON.stringify([...sources].map(([id, source]) => ({ id, source }))));
  change(markDuplicates('experiment_id, incident_id, narrative_type'));
  change(LINK_OWN);
  change(linkElsewhere(results, texts));
  change(linkOtherSpelling(results, texts));
  const nJoined = change(linkWithoutText(results));
  const nLegacy = makeLegacyNarratives(database, results, dependencies);
  change(markDuplicates('experiment_id, narrative_id'));
  change(RESOLVE_DUPLICATES);
  change(LINK_DUPLICATES);
  const nSpelled = change(SPELL_AS_SOURCE);
  const nDiffering = change(markDifferingTexts(results));
  const nDuplicates = database
    .prepare('SELECT count(*) FROM result_map WHERE kept_id IS NOT NULL')
    .pluck()
    .get();
  return [
    [Number(nDuplicates), 'duplicate results were removed; the newest answer stands, else the newest error.'],
    [nLegacy, 'narratives of results without a source row are in the dataset legacy.'],
    [
      nSpelled,
      'results whose id was spelt like 1e+05 have the id of their source row: the texts are the same.',
    ],
    [
      nJoined,
      'results without a text were joined to a source row by an id spelt like 1e+05, and keep their id.',
    ],
    [nDiffering, 'results keep the text that was asked, because it differs from their source row.'],
  ]
    .filter(([count]) => (count as number) > 0)
    .map(([count, what]) => `${count} ${what}`);
}

/** Makes datasets `legacy`, `legacy 2` ... where one id came with several texts; gives the number of narratives. */
function makeLegacyNarratives(
  database: ResultsDatabase,
  results: OlderTable,
  dependencies: UpgradeDependencies,
): number {
  database.exec(mapLegacy(results));
  const groups = database
    .prepare('SELECT occurrence, count(*) AS n FROM legacy_map GROUP BY occurrence ORDER BY occurrence')
    .all() as { occurrence: number; n: number }[];
  for (const { occurrence, n } of groups) {
    const narratives = database
      .prepare(
        `SELECT l.incident_id AS incidentId, l.narrative_type AS narrativeType, ${results.text('narrative_text')} AS text
         FROM legacy_map l JOIN older_narrative_results o ON o.rowid = l.result_id
         WHERE l.occurrence = ? ORDER BY l.narrative_id`,
      )
      .iterate(occurrence) as Parameters<UpgradeDependencies['textsSha256']>[0];
    const importedAt = dependencies.now.toISOString();
    const dataset = {
      textsSha256: dependencies.textsSha256(narratives),
      sourcePath: occurrence === 1 ? 'legacy' : `legacy ${occurrence}`,
      md5: null,
      nNarratives: n,
      importedAt,
    };
    const datasetId = insertDataset(database, dataset, dependencies);
    database.prepare(insertLegacy(results)).run({ datasetId, occurrence, importedAt });
  }
  database.prepare(LINK_LEGACY).run();
  return groups.reduce((sum, { n }) => sum + n, 0);
}

const MAP_TABLE = `
CREATE TEMP TABLE result_map (
  result_id INTEGER PRIMARY KEY,
  experiment_id TEXT NOT NULL,
  incident_id TEXT NOT NULL,         -- first as stored, at the end as it will be
  canonical_id TEXT NOT NULL,
  narrative_type TEXT NOT NULL,
  source TEXT NOT NULL,
  row_num INTEGER,
  is_error INTEGER NOT NULL,
  kept_id INTEGER,                   -- the result that stands in its place; null = it stands itself
  narrative_id INTEGER,
  is_proven INTEGER NOT NULL DEFAULT 0,
  text_differs INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX temp.result_by_narrative ON result_map (experiment_id, narrative_id);
CREATE INDEX temp.result_by_incident ON result_map (experiment_id, incident_id, narrative_type);`;

const isError = (results: OlderTable): string =>
  `coalesce(${results.flag('error_occurred')}, 0) = 1 OR ${results.flag('detected')} IS NULL`;

const fillMap = (results: OlderTable): string => `
WITH sources AS (SELECT value ->> 'id' AS experiment_id, value ->> 'source' AS source FROM json_each(?)),
rows AS (
  SELECT o.rowid AS result_id, coalesce(${results.text('experiment_id')}, 'unknown') AS experiment_id,
    coalesce(${results.text('incident_id')}, '') AS incident_id,
    coalesce(${results.text('narrative_type')}, '') AS narrative_type,
    ${results.integer('row_num')} AS row_num, ${isError(results)} AS is_error
  FROM older_narrative_results o)
INSERT INTO result_map (result_id, experiment_id, incident_id, canonical_id, narrative_type, source, row_num, is_error)
SELECT result_id, experiment_id, incident_id, canonical_id(incident_id), narrative_type,
  coalesce(sources.source, ''), row_num, is_error
FROM rows LEFT JOIN sources USING (experiment_id)`;

/** The newest answer stands, else the newest error; result ids were given in the order of the inserts. */
const markDuplicates = (key: string): string => `
UPDATE result_map SET kept_id = d.kept FROM (
  SELECT result_id, first_value(result_id) OVER (PARTITION BY ${key} ORDER BY is_error, result_id DESC) AS kept
  FROM result_map WHERE kept_id IS NULL) d
WHERE d.result_id = result_map.result_id AND d.kept <> d.result_id`;

const LINK_OWN = `
UPDATE result_map AS r SET narrative_id = s.narrative_id FROM source_map s INDEXED BY source_by_id
WHERE s.incident_id = r.incident_id AND s.narrative_type = r.narrative_type AND s.source = r.source
  AND s.occurrence = 1 AND r.kept_id IS NULL`;

/** Without a source row of its own file, a result belongs to another file's row only if that has the same text. */
const linkElsewhere = (results: OlderTable, texts: OlderTable): string => {
  const [asked, stored] = [results.text('narrative_text'), texts.text('narrative_text')];
  return linkBest(
    'source_by_id',
    `m.incident_id = r.incident_id AND (${asked} = ${stored} OR ${asked} IS NULL)`,
  );
};

/** Another spelling of the id is the same incident where the text is the same. */
const linkOtherSpelling = (results: OlderTable, texts: OlderTable): string =>
  linkBest(
    'source_by_canonical',
    `m.canonical_id = r.canonical_id AND ${results.text('narrative_text')} = ${texts.text('narrative_text')}`,
    ', is_proven = 1',
  );

/** The index is named because a table without statistics leaves the choice to luck. */
const linkBest = (index: string, condition: string, mark = ''): string => `
UPDATE result_map AS r SET narrative_id = f.narrative_id${mark} FROM (
  SELECT r.result_id, m.narrative_id, row_number() OVER (
    PARTITION BY r.result_id ORDER BY m.source = r.source DESC, m.narrative_id) AS choice
  FROM result_map r
  JOIN older_narrative_results o ON o.rowid = r.result_id
  JOIN source_map m INDEXED BY ${index} JOIN older_source_narratives s ON s.rowid = m.narrative_id
  WHERE r.kept_id IS NULL AND r.narrative_id IS NULL AND m.narrative_type = r.narrative_type AND ${condition}) f
WHERE f.result_id = r.result_id AND f.choice = 1`;

const linkWithoutText = (results: OlderTable): string => `
UPDATE result_map AS r SET narrative_id = f.narrative_id FROM (
  SELECT r.result_id, min(m.narrative_id) AS narrative_id
  FROM result_map r
  JOIN source_map m INDEXED BY source_by_canonical ON m.canonical_id = r.canonical_id AND m.narrative_type = r.narrative_type
    AND m.source = r.source AND m.occurrence = 1
  JOIN older_narrative_results o ON o.rowid = r.result_id
  WHERE r.kept_id IS NULL AND r.narrative_id IS NULL AND ${results.text('narrative_text')} IS NULL
  GROUP BY r.result_id HAVING count(*) = 1) f
WHERE f.result_id = r.result_id AND NOT EXISTS (
  SELECT 1 FROM result_map x WHERE x.experiment_id = r.experiment_id AND x.narrative_id = f.narrative_id)`;

/** One narrative for each id, type and text; spellings of one id are one where the text is the same. */
const mapLegacy = (results: OlderTable): string => `
CREATE TEMP TABLE legacy_keys AS
SELECT r.result_id, r.narrative_type, r.incident_id, r.canonical_id, text_key(${results.text('narrative_text')}) AS text_key
FROM result_map r JOIN older_narrative_results o ON o.rowid = r.result_id
WHERE r.kept_id IS NULL AND r.narrative_id IS NULL;
UPDATE legacy_keys SET canonical_id = incident_id, text_key = '' WHERE text_key IS NULL;
CREATE TEMP TABLE legacy_map AS
SELECT *, (SELECT coalesce(max(narrative_id), 0) FROM source_narratives)
  + row_number() OVER (ORDER BY occurrence, result_id) AS narrative_id
FROM (
  SELECT *, row_number() OVER (PARTITION BY incident_id, narrative_type ORDER BY result_id) AS occurrence
  FROM (
    SELECT min(result_id) AS result_id, narrative_type, canonical_id, text_key,
      coalesce(max(CASE WHEN incident_id = canonical_id THEN incident_id END), min(incident_id)) AS incident_id
    FROM legacy_keys GROUP BY canonical_id, narrative_type, text_key));
CREATE INDEX temp.legacy_by_key ON legacy_map (canonical_id, narrative_type, text_key);
`;

const insertLegacy = (results: OlderTable): string => `
INSERT INTO source_narratives (narrative_id, incident_id, narrative_type, narrative_text, data_source, loaded_at, dataset_id)
SELECT l.narrative_id, l.incident_id, l.narrative_type, ${results.text('narrative_text')}, NULL, $importedAt, $datasetId
FROM legacy_map l JOIN older_narrative_results o ON o.rowid = l.result_id
WHERE l.occurrence = $occurrence ORDER BY l.narrative_id`;

const LINK_LEGACY = `
UPDATE result_map AS r SET narrative_id = l.narrative_id, is_proven = k.text_key <> ''
FROM legacy_keys k JOIN legacy_map l USING (canonical_id, narrative_type, text_key)
WHERE k.result_id = r.result_id`;

/** A row that stood after the first look may have given way in the second. */
const RESOLVE_DUPLICATES = `
UPDATE result_map AS r SET kept_id = k.kept_id FROM result_map k
WHERE k.result_id = r.kept_id AND k.kept_id IS NOT NULL`;

const LINK_DUPLICATES = `
UPDATE result_map AS r SET narrative_id = k.narrative_id FROM result_map k WHERE k.result_id = r.kept_id`;

/** Only where no other row of the experiment has that spelling. */
const SPELL_AS_SOURCE = `
UPDATE result_map AS r SET incident_id = s.incident_id FROM source_narratives s
WHERE s.narrative_id = r.narrative_id AND r.is_proven AND r.kept_id IS NULL AND s.incident_id <> r.incident_id
  AND NOT EXISTS (SELECT 1 FROM result_map x WHERE x.experiment_id = r.experiment_id
    AND x.incident_id = s.incident_id AND x.narrative_type = r.narrative_type AND x.kept_id IS NULL)`;

const markDifferingTexts = (results: OlderTable): string => `
UPDATE result_map AS r SET text_differs = 1 FROM older_narrative_results o, source_narratives s
WHERE o.rowid = r.result_id AND s.narrative_id = r.narrative_id AND r.kept_id IS NULL
  AND ${results.text('narrative_text')} IS NOT NULL AND ${results.text('narrative_text')} IS NOT s.narrative_text`;
