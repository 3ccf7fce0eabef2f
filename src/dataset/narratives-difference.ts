/** Tells which narratives of a file are others than before, by incident and type, never by text. Pure. */
import type { SourceNarrative } from './source-narrative';

type Narrative = Pick<SourceNarrative, 'incidentId' | 'narrativeType' | 'text'>;

/** How two ordered lists of narratives differ; names such as `1017 cme`. */
export interface NarrativesDifference {
  added: string[];
  removed: string[];
  changed: string[];
  /** true = the same narratives in another order. */
  isReordered: boolean;
}

const MAX_SHOWN = 10;
const MAX_NAME_LENGTH = 40;

/** Compares what an experiment has with what a file holds now. */
export function compareNarratives(
  before: Iterable<Narrative>,
  after: Iterable<Narrative>,
): NarrativesDifference {
  const texts = new Map<string, string>();
  const order: string[] = [];
  for (const narrative of before) {
    texts.set(nameOf(narrative), narrative.text);
    order.push(nameOf(narrative));
  }
  const difference: NarrativesDifference = { added: [], removed: [], changed: [], isReordered: false };
  const seen = new Set<string>();
  let index = 0;
  for (const narrative of after) {
    const name = nameOf(narrative);
    const earlier = texts.get(name);
    if (earlier === undefined) difference.added.push(name);
    else if (earlier !== narrative.text) difference.changed.push(name);
    if (order[index] !== name) difference.isReordered = true;
    index += 1;
    seen.add(name);
  }
  difference.removed = order.filter((name) => !seen.has(name));
  const isSame = difference.added.length + difference.removed.length + difference.changed.length === 0;
  return { ...difference, isReordered: difference.isReordered && isSame };
}

/** Lines for people: counts, and the first few of each kind by name. */
export function describeNarrativesDifference(difference: NarrativesDifference): string[] {
  const { added, removed, changed, isReordered } = difference;
  if (isReordered) return ['the same narratives in another order'];
  const kinds: [string, string[]][] = [
    ['added', added],
    ['removed', removed],
    ['changed', changed],
  ];
  return kinds
    .filter(([, names]) => names.length > 0)
    .map(([kind, names]) => `${names.length} ${kind}: ${listNames(names)}`);
}

function listNames(names: readonly string[]): string {
  const left = names.length - MAX_SHOWN;
  return `${names.slice(0, MAX_SHOWN).map(clean).join(', ')}${left > 0 ? ` and ${left} more` : ''}`;
}

/** A broken file may have a text where an id should be. */
function clean(name: string): string {
  return (name.length > MAX_NAME_LENGTH ? `${name.slice(0, MAX_NAME_LENGTH)}…` : name).replaceAll(
    /\p{Control}|\p{Format}/gu,
    '?',
  );
}

function nameOf({ incidentId, narrativeType }: Narrative): string {
  return `${incidentId} ${narrativeType}`;
}
