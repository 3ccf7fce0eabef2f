/** Reads the stored replies of an experiment again, offline, and shows or applies what would change. */
import { existsSync } from 'node:fs';
import { PARSER_VERSION } from '../answer/parse-answer';
import { EXIT, type ExitCode } from '../errors';
import { openStore, openStoreForReading, type Store } from '../store/open-store';
import type { CommandContext } from './command-context';
import { READING_CHANGES } from './compare-readings';
import { findExperiment, noExperiments } from './find-experiment';
import { ownResultsFile } from './own-results-file';
import {
  refreshExperiment,
  rereadReplies,
  type ChangedReading,
  type ReadingSummary,
  type Rereading,
} from './reread-replies';

const LISTED_LINES = 50;

/** What `reparse --json` prints. */
export interface ReparseReport {
  experiment_id: string;
  parser_version: number;
  applied: boolean;
  n_read: number;
  n_without_reply: number;
  /** Rows that say the same and only lack what this version of the parser keeps besides. */
  n_refreshed: number;
  n_changed: Record<string, number>;
  changes: ChangedReading[];
}

/** Prints what reading again changes; with `apply` it is stored. Needs neither Temporal nor a model server. */
export async function reparse(
  context: CommandContext,
  experimentId: string,
  apply: boolean,
): Promise<ExitCode> {
  const report = apply ? await applyReparse(context, experimentId) : previewReparse(context, experimentId);
  context.output.facts(report, () => formatReport(report));
  return EXIT.completed;
}

function previewReparse({ resultsFile }: CommandContext, experimentId: string): ReparseReport {
  const store = openStoreForReading(resultsFile);
  if (store === null) throw noExperiments(resultsFile);
  try {
    const row = findExperiment(store, experimentId);
    return reportOf(row.experiment_id, rereadReplies(store, row, false), false);
  } finally {
    store.close();
  }
}

async function applyReparse({ resultsFile }: CommandContext, experimentId: string): Promise<ReparseReport> {
  if (!existsSync(resultsFile)) throw noExperiments(resultsFile);
  const ownership = await ownResultsFile(resultsFile, 'foreground', null);
  try {
    const store = openStore(resultsFile);
    try {
      return store.inTransaction(() => applyTo(store, experimentId));
    } finally {
      store.close();
    }
  } finally {
    ownership.end();
  }
}

function applyTo(store: Store, experimentId: string): ReparseReport {
  const row = findExperiment(store, experimentId);
  const rereading = rereadReplies(store, row, true);
  const report = reportOf(experimentId, rereading, true);
  if (rereading.changes.length > 0) {
    refreshExperiment(store, experimentId);
    store.events.add(experimentId, 'reparsed', `parser ${PARSER_VERSION}: ${formatCounts(report)}`);
  }
  return report;
}

function reportOf(experimentId: string, rereading: Rereading, applied: boolean): ReparseReport {
  const counts = READING_CHANGES.map((change): [string, number] => [
    change,
    rereading.changes.filter((each) => each.change === change).length,
  ]);
  return {
    experiment_id: experimentId,
    parser_version: PARSER_VERSION,
    applied,
    n_read: rereading.nRead,
    n_without_reply: rereading.nWithoutReply,
    n_refreshed: rereading.nRefreshed,
    n_changed: Object.fromEntries(counts),
    changes: rereading.changes,
  };
}

function formatReport(report: ReparseReport): string {
  const { changes, applied, experiment_id: id } = report;
  const lines = [
    `Read ${report.n_read} stored replies of ${id} with parser ${report.parser_version}; ${report.n_without_reply} rows have none.`,
    changes.length === 0
      ? 'No row says anything else.'
      : `${changes.length} rows differ: ${formatCounts(report)}.`,
    ...changes.slice(0, LISTED_LINES).map(formatChange),
  ];
  const hidden = changes.length - LISTED_LINES;
  if (hidden > 0) lines.push(`  ... and ${hidden} more; --json lists them all.`);
  if (report.n_refreshed > 0) {
    lines.push(
      `${report.n_refreshed} rows say the same, but lack something that this version keeps besides.`,
    );
  }
  if (changes.length + report.n_refreshed === 0) return lines.join('\n');
  lines.push(
    applied
      ? 'Stored. What stood there before is in replaced_readings.'
      : `Nothing was changed. To store it: client reparse ${id} --apply`,
  );
  return lines.join('\n');
}

function formatCounts({ n_changed }: ReparseReport): string {
  return Object.entries(n_changed)
    .filter(([, count]) => count > 0)
    .map(([change, count]) => `${count} ${change.replaceAll('_', ' ')}`)
    .join(', ');
}

function formatChange({ incident_id, narrative_type, change, before, after }: ChangedReading): string {
  const said = `${formatSummary(before)} -> ${formatSummary(after)}`;
  return `  ${incident_id} ${narrative_type}: ${change.replaceAll('_', ' ')}, ${said}`;
}

function formatSummary({ detected, confidence, error }: ReadingSummary): string {
  if (detected === null) return error ?? 'error';
  return confidence === null ? String(detected) : `${detected} (${confidence})`;
}
