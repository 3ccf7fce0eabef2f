/** Finds the source rows that an older experiment worked on: those of its data file, also where its path is spelt otherwise. */
import type { ResultsDatabase } from '../results-database';
import type { ExperimentSources } from './link-results';
import { textOf, type OlderRow } from './older-experiment';

/** The data source of each experiment as the source table spells it; experiments without one are left out. */
export function findSources(database: ResultsDatabase, rows: readonly OlderRow[]): ExperimentSources {
  const known = database
    .prepare("SELECT DISTINCT source FROM source_map WHERE source <> ''")
    .pluck()
    .all() as string[];
  const found = new Map<string, string>();
  for (const row of rows) {
    const source = findSource(textOf(row, 'data_file'), known);
    if (source !== null) found.set(String(row.experiment_id), source);
  }
  return found;
}

/** The source of that path, else the only one of which it is the end or which is its end; null = none. */
export function findSource(dataFile: string | null, known: readonly string[]): string | null {
  if (dataFile === null) return null;
  if (known.includes(dataFile)) return dataFile;
  const path = plain(dataFile);
  const similar = known.filter((each) => {
    const other = plain(each);
    return path === other || path.endsWith(`/${other}`) || other.endsWith(`/${path}`);
  });
  return similar.length === 1 ? similar[0]! : null;
}

function plain(path: string): string {
  return path.replaceAll('\\', '/').replace(/^(\.\/)+/, '');
}
