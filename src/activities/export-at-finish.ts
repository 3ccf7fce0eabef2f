/** Writes CSV and JSON beside the results file when an experiment has come to its end, where its config asks for it. */
import { dirname, join } from 'node:path';
import type { FrozenConfig } from '../config/frozen-config';
import { ExportError } from '../export/export-error';
import { exportResults } from '../export/export-results';
import type { Store } from '../store/open-store';

/** Without texts. A failure is recorded with the experiment and spoils nothing: all is in the results file. */
export function exportAtFinish(store: Store, experimentId: string): void {
  const row = store.experiments.get(experimentId)!;
  const frozen = JSON.parse(row.frozen_config) as Partial<FrozenConfig>;
  if (frozen.saveCsvJson !== true || row.end_time === null) return;
  const stem = join(dirname(store.file), `experiment_${experimentId}_${stampOf(row.end_time)}`);
  const files = { csv: `${stem}.csv`, json: `${stem}.json` };
  try {
    for (const format of ['csv', 'json'] as const) {
      const rows = store.inspection.exportRows(experimentId, false);
      exportResults(rows, { format, file: files[format], isRaw: false, asksOnce: frozen.askOnce === true });
    }
  } catch (error) {
    if (!(error instanceof ExportError)) throw error;
    store.events.add(experimentId, 'export_failed', error.message);
    return;
  }
  store.experiments.setOutputFiles(experimentId, { csv: files.csv, json: files.json });
}

/** 2026-11-23T22:59:01.123Z as 20261123_225901. */
function stampOf(time: string): string {
  return time.slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '_');
}
