/** Labels of a file, laid over the results without changing the results file: `report --against`. */
import { basename } from 'node:path';
import { readLabels } from '../dataset/read-labels';
import { DatasetError } from '../errors';
import type { ExperimentReport } from '../metrics/experiment-report';
import type { ReportRow } from '../metrics/report-row';

/** Puts labels on rows, and says afterwards where they came from. */
export interface LabelOverlay {
  relabel(row: ReportRow): ReportRow;
  /** Throws DatasetError when no label of the file was used. */
  source(): ExperimentReport['label_source'];
}

/** Labels as the results file has them. */
export const STORED_LABELS: LabelOverlay = {
  relabel: (row) => row,
  source: () => ({ kind: 'results file' }),
};

/** The labels of the file alone; those of the results file do not count. Throws DatasetError. */
export function overlayLabels(file: string): LabelOverlay {
  const { entries } = readLabels(file);
  const narratives = new Map<string, { label: 0 | 1; index: number }>();
  const incidents = new Map<string, { label: 0 | 1; index: number }>();
  entries.forEach(({ idSpellings, narrativeType, manualFlagInd, manualFlag }, index) => {
    for (const id of idSpellings) {
      if (narrativeType !== null && manualFlagInd !== null)
        narratives.set(`${id}\n${narrativeType}`, { label: manualFlagInd, index });
      if (manualFlag !== null) incidents.set(id, { label: manualFlag, index });
    }
  });
  const used = new Set<number>();
  const find = (labels: typeof incidents, key: string): 0 | 1 | null => {
    const found = labels.get(key);
    if (found === undefined) return null;
    used.add(found.index);
    return found.label;
  };
  return {
    relabel: (row) => ({
      ...row,
      label: find(narratives, `${row.incident_id}\n${row.narrative_type}`),
      incident_label: find(incidents, row.incident_id),
    }),
    source: () => {
      if (used.size > 0)
        return { kind: 'file', file: basename(file), n_entries: entries.length, n_used: used.size };
      throw new DatasetError(
        file,
        `none of its ${entries.length} labels belongs to a result of this experiment`,
        'Check that ids and kinds of narratives are written as in the data file.',
      );
    },
  };
}
