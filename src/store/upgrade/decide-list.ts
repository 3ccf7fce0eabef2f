/**
 * Decides whether the list of an older experiment can be rebuilt exactly. The predecessor stored no list, only a total,
 * and a resume wrote the number of the narratives that were left over it, whatever limit the first start had. Pure.
 */

/** What the older file says about one experiment. */
export interface ListEvidence {
  /** Whether it was ended as completed, so that its results are its list. */
  isCompleted: boolean;
  /** Narratives of its data file; null = they are not in the file. */
  nSource: number | null;
  /** `n_narratives_total` as stored; null = none. */
  total: number | null;
  /** Whether the program that made the file could resume, and so overwrite the total. */
  knewResume: boolean;
  /** Results, one for a narrative. */
  nResults: number;
  nErrors: number;
  /** Results about narratives that are not among those of the data file. */
  nOutside: number;
  /** Results about narratives of the data file beyond the first `total`. */
  nBeyondTotal: number;
  /** Whether every result, duplicates included, has the row number of its place in the data file: nothing was resumed. */
  rowNumbersAgree: boolean;
}

/** `source`: the first `length` narratives of the data file. `results`: those with a result. */
export type ListDecision = { list: 'source'; length: number } | { list: 'results'; why: string };

/** The list, or why it is not known beyond the results. */
export function decideList(evidence: ListEvidence): ListDecision {
  const { nSource, total, nResults, nOutside, nBeyondTotal } = evidence;
  if (nSource === null) return unknown('the narratives of its data file are not in the results file');
  if (nOutside > 0) return unknown(`${nOutside} of its results are not about narratives of its data file`);
  if (nResults === nSource) return { list: 'source', length: nSource };
  if (total === null || total < 1) return unknown('its number of narratives was not stored');
  if (total > nSource) {
    return unknown(`it was to ask ${total} narratives, but ${nSource} of its data file are stored`);
  }
  if (nBeyondTotal > 0) {
    return unknown(
      `it was to ask ${total} narratives, but has results beyond the first ${total} of its file`,
    );
  }
  if (total < nSource && mayBeOverwritten({ ...evidence, nSource, total })) {
    return unknown(
      `its number of narratives (${total}) may be what a resume of the older program had left over`,
    );
  }
  return { list: 'source', length: total };
}

/** Whether the total may be the number that was left at a resume: of the whole file, or of the errors. */
function mayBeOverwritten(evidence: ListEvidence & { nSource: number; total: number }): boolean {
  const { total, nSource, nResults, nErrors, isCompleted, knewResume, rowNumbersAgree } = evidence;
  if (!knewResume) return false;
  if (isCompleted && nResults === total) return false;
  if (nErrors >= total) return true;
  const nResultsAtResume = nSource - total;
  if (nResultsAtResume > nResults) return false;
  return nResultsAtResume === nResults || !rowNumbersAgree;
}

function unknown(why: string): ListDecision {
  return { list: 'results', why };
}
