/** Writes CSV and JSON beside the results file when an experiment comes to its end, where its config asks for it. */
import { dirname, join } from 'node:path';
import type { FrozenConfig } from '../config/frozen-config';
import { ExportError } from '../export/export-error';
import { exportInParts } from '../export/export-results';
import type { Store } from '../store/open-store';

/** What was written; null = nothing was asked for. A failure spoils nothing: all is in the results file. */
export type FinalExport = { csv: string; json: string } | { failure: string } | null;

/** Without texts; some rows with each step. */
export function* exportAtFinish(store: Store, experimentId: string, now: Date): Generator<void, FinalExport> {
  const row = store.experiments.get(experimentId)!;
  const frozen = JSON.parse(row.frozen_config) as Partial<FrozenConfig>;
  if (frozen.saveCsvJson !== true) return null;
  const stem = join(dirname(store.file), `experiment_${experimentId}_${stampOf(now)}`);
  const files = { csv: `${stem}.csv`, json: `${stem}.json` };
  try {
    for (const format of ['csv', 'json'] as const) {
      const rows = store.inspection.exportRows(experimentId, false);
      const request = {
        format,
        file: files[format],
        isRaw: false,
        asksOnce: frozen.askOnce === true,
      };
      yield* exportInParts(rows, request);
    }
  } catch (error) {
    if (!(error instanceof ExportError)) throw error;
    return { failure: error.message };
  }
  return files;
}

/** 2026-11-23T22:59:01.123Z as 20261123_225901. */
function stampOf(time: Date): string {
  return time.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '_');
}
