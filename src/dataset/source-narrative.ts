/** A narrative as a data file gives it, and the hash that identifies an ordered list of them. */
import { createHash } from 'node:crypto';

/** One text of a data file with what the file says about it. */
export interface SourceNarrative {
  incidentId: string;
  /** Lower case: `cme`, `le`, or any other kind. */
  narrativeType: string;
  text: string;
  /** The human label of this narrative; null = not labelled. */
  manualFlagInd: 0 | 1 | null;
  /** The human label of the incident; null = not labelled. */
  manualFlag: 0 | 1 | null;
  /** The further columns of its row by name, blank ones left out; no prototype; null = none. */
  attributes: Record<string, string> | null;
}

/**
 * SHA-256 (64 hex digits) over the ordered ids, types and texts, each narrative as a JSON array. Labels and
 * attributes are not in it. Its form must never change: it identifies datasets in results files.
 */
export function textsSha256(
  narratives: Iterable<Pick<SourceNarrative, 'incidentId' | 'narrativeType' | 'text'>>,
): string {
  const hash = createHash('sha256');
  for (const { incidentId, narrativeType, text } of narratives) {
    hash.update(JSON.stringify([incidentId, narrativeType, text]), 'utf8');
  }
  return hash.digest('hex');
}
