/** Tells which narratives of a file are others than before, by incident and type, never by text. Pure. */
import { DigestTable } from './digest-table';
import type { SourceNarrative } from './source-narrative';

type Narrative = Pick<SourceNarrative, 'incidentId' | 'narrativeType' | 'text'>;

/** Narratives that differ in one way. */
export interface DifferingNarratives {
  count: number;
  /** Of the first few, such as `1017 cme`. */
  names: string[];
}

/** How two ordered lists of narratives differ. */
export interface NarrativesDifference {
  added: DifferingNarratives;
  removed: DifferingNarratives;
  changed: DifferingNarratives;
  /** true = the same narratives in another order. */
  isReordered: boolean;
}

const MAX_SHOWN = 10;
const MAX_NAME_LENGTH = 40;

/** Compares what an experiment has, which is walked over twice, with what a file holds now. Holds neither in memory. */
export function compareNarratives(
  before: () => Iterable<Narrative>,
  after: Iterable<Narrative>,
): NarrativesDifference {
  const known = new DigestTable();
  for (const narrative of before()) known.add(keyOf(narrative), narrative.text);
  const [added, removed, changed] = [none(), none(), none()];
  const seen = new DigestTable();
  let isReordered = false;
  let index = 0;
  for (const narrative of after) {
    const place = known.find(keyOf(narrative));
    if (place < 0) note(added, narrative);
    else if (!known.hasText(place, narrative.text)) note(changed, narrative);
    if (place !== index) isReordered = true;
    index += 1;
    seen.add(keyOf(narrative));
  }
  for (const narrative of before()) {
    if (seen.find(keyOf(narrative)) < 0) note(removed, narrative);
  }
  const isSame = added.count + removed.count + changed.count === 0;
  return { added, removed, changed, isReordered: isReordered && isSame };
}

function none(): DifferingNarratives {
  return { count: 0, names: [] };
}

function note(differing: DifferingNarratives, { incidentId, narrativeType }: Narrative): void {
  differing.count += 1;
  if (differing.names.length < MAX_SHOWN) differing.names.push(`${incidentId} ${narrativeType}`);
}

/** Lines for people: counts, and the first few of each kind by name. */
export function describeNarrativesDifference(difference: NarrativesDifference): string[] {
  const { added, removed, changed, isReordered } = difference;
  if (isReordered) return ['the same narratives in another order'];
  const kinds: [string, DifferingNarratives][] = [
    ['added', added],
    ['removed', removed],
    ['changed', changed],
  ];
  return kinds
    .filter(([, { count }]) => count > 0)
    .map(([kind, differing]) => `${differing.count} ${kind}: ${listNames(differing)}`);
}

function listNames({ count, names }: DifferingNarratives): string {
  const left = count - names.length;
  return `${names.map(clean).join(', ')}${left > 0 ? ` and ${left} more` : ''}`;
}

/** A broken file may have a text where an id should be. */
function clean(name: string): string {
  return (name.length > MAX_NAME_LENGTH ? `${name.slice(0, MAX_NAME_LENGTH)}…` : name).replaceAll(
    /\p{Control}|\p{Format}/gu,
    '?',
  );
}

function keyOf({ incidentId, narrativeType }: Narrative): string {
  return JSON.stringify([incidentId, narrativeType]);
}
