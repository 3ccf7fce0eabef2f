/** Rebuilds the predecessor's tables, whatever their shape, into the current schema; call it in a transaction. */
import { climb, createFirstSchema } from '../migrations/climb';
import type { ResultsDatabase } from '../results-database';
import { copyExperiments, listOlderExperiments } from './copy-experiments';
import { copyResults, keepOlderRows, takeOverLabels } from './copy-results';
import { copySources } from './copy-sources';
import type { UpgradeDependencies } from './dependencies';
import { findSources } from './find-sources';
import { keepExtras } from './keep-extras';
import { linkResults } from './link-results';
import { OlderTable } from './older-table';
import { defineFunctions } from './older-values';
import { putBack, setAside } from './set-aside';
import { settleExperiments } from './settle-experiments';

/** Gives the lines of the report. The tables are filled as schema 1 had them and climb the ladder like any other file. */
export function upgradePredecessor(database: ResultsDatabase, dependencies: UpgradeDependencies): string[] {
  defineFunctions(database);
  const surroundings = setAside(database);
  createFirstSchema(database);
  const aboutSources = copySources(database, dependencies);
  const rows = listOlderExperiments(database);
  const sources = findSources(database, rows);
  const aboutResults = linkResults(database, sources, dependencies);
  const knewResume = new OlderTable(database, 'experiments').has('n_narratives_completed');
  const experiments = copyExperiments(database, rows, sources, { ...dependencies, knewResume });
  copyResults(database);
  const nLabels = takeOverLabels(database);
  climb(database);
  const { nRemoved, nChanged } = keepOlderRows(database);
  const aboutExperiments = settleExperiments(database, experiments, dependencies);
  const aboutExtras = keepExtras(database);
  const aboutSurroundings = putBack(database, surroundings);
  dropWorkTables(database);
  const nResults = database.prepare('SELECT count(*) FROM narrative_results').pluck().get() as number;
  return [
    ...aboutSources,
    `Results: ${nResults}, of ${experiments.length} experiments; ${nRemoved} older rows are kept with the attempts.`,
    ...aboutResults,
    ...(nChanged > 0
      ? [`${nChanged} errors or confidences lost a value that cannot stand; it is kept with the attempt.`]
      : []),
    ...(nLabels > 0 ? [`${nLabels} labels stood only in results and were taken over into the sources.`] : []),
    ...aboutExperiments,
    ...aboutExtras,
    ...aboutSurroundings,
  ];
}

function dropWorkTables(database: ResultsDatabase): void {
  for (const table of [
    'source_map',
    'result_map',
    'legacy_keys',
    'legacy_map',
    'duplicate_counts',
    'positions',
  ]) {
    database.exec(`DROP TABLE temp.${table}`);
  }
}
