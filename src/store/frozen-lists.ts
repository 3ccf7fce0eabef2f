/** What is asked about the list of an experiment, which never changes once it is made. */
import type { ResultsDatabase } from './results-database';

export class FrozenLists {
  private readonly longest = new Map<string, number>();

  constructor(private readonly database: ResultsDatabase) {}

  /** Length of the longest narrative on the list in characters; 0 = it has none. */
  longestNarrativeChars(experimentId: string): number {
    const known = this.longest.get(experimentId);
    if (known !== undefined) return known;
    const ofMostBytes = this.database.prepare(CHARS_OF_MOST_BYTES).pluck().get(experimentId) as number | null;
    const longest = this.database
      .prepare(LONGEST_CHARS)
      .pluck()
      .get({ id: experimentId, atLeast: ofMostBytes ?? 0 }) as number | null;
    this.longest.set(experimentId, longest ?? 0);
    return longest ?? 0;
  }
}

const LISTED_TEXTS = `
FROM experiment_narratives e CROSS JOIN source_narratives s
WHERE s.narrative_id = e.narrative_id AND e.experiment_id`;

/** Bytes stand in the head of a row, so that the texts themselves are not read. */
const CHARS_OF_MOST_BYTES = `
SELECT length(narrative_text) FROM source_narratives WHERE narrative_id = (
  SELECT narrative_id FROM (SELECT s.narrative_id, max(octet_length(s.narrative_text)) ${LISTED_TEXTS} = ?))`;

/** A text of no more bytes than that cannot have more characters. */
const LONGEST_CHARS = `
SELECT max(length(s.narrative_text)) ${LISTED_TEXTS} = $id AND octet_length(s.narrative_text) >= $atLeast`;
