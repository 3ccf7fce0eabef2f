/** A results file with so many made-up results, written by the program's own code but without a model: for what reads it. */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { freezeConfig } from '../../src/config/frozen-config';
import { loadConfig } from '../../src/config/load-config';
import { openStore, type Store } from '../../src/store/open-store';
import type { Outcome, ReplyFacts, ResultToSave } from '../../src/store/results';
import { narrativeText } from '../helpers/client-process';
import { answered, failed } from '../helpers/stored-study';

/** One narrative in so many has an error. */
const ERROR_EVERY = 50;
const GROUP = 1000;
const MS_PER_RESULT = 20;
const START_MS = Date.UTC(2026, 0, 12, 8);

/**
 * Writes study.db with two experiments over the same narratives, set up as study.yaml of the folder says: all results
 * are there, but neither pass has been ended. Gives their ids.
 */
export function makeResults(folder: string, nNarratives: number): [string, string] {
  const ids: [string, string] = ['made-up-first', 'made-up-second'];
  const file = join(folder, 'study.db');
  const clock = { nowMs: START_MS };
  const store = openStore(file, { now: () => new Date(clock.nowMs), monotonicMs: () => clock.nowMs });
  const database = new Database(file);
  try {
    insertNarratives(database, nNarratives);
    for (const [index, id] of ids.entries()) {
      create(store, id, folder);
      for (let from = 0; from < nNarratives; from += GROUP) {
        clock.nowMs += GROUP * MS_PER_RESULT;
        const positions = Array.from({ length: Math.min(GROUP, nNarratives - from) }, (_, k) => from + k);
        store.results.save(positions.map((position) => resultOf(id, position, index, clock.nowMs)));
      }
    }
    return ids;
  } finally {
    database.close();
    store.close();
  }
}

/** Two narratives an incident, in one statement: a million rows, one by one, would take longer than what is measured. */
function insertNarratives(database: Database.Database, nNarratives: number): void {
  database.function('made_up_text', { deterministic: true }, (index) => narrativeText(Number(index)));
  database.exec(`
    INSERT INTO datasets (texts_sha256, file_sha256, file_md5, source_path, n_narratives, load_report, imported_at)
    VALUES ('made up', 'made up', 'made up', 'gone.csv', ${nNarratives}, '{}', '2026-01-12T08:00:00.000Z');
    INSERT INTO source_narratives (incident_id, narrative_type, narrative_text, manual_flag_ind, loaded_at, dataset_id)
    WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ${nNarratives - 1})
    SELECT i / 2, iif(i % 2 = 0, 'cme', 'le'), made_up_text(i), i % 3 = 0, '2026-01-12T08:00:00.000Z', 1 FROM n`);
}

function create(store: Store, experimentId: string, folder: string): void {
  const config = loadConfig('study.yaml', { environment: {}, workingDirectory: folder });
  store.inTransaction(() => {
    store.experiments.create({
      experimentId,
      fingerprint: experimentId,
      replicate: 1,
      datasetId: 1,
      textsSha256: 'made up',
      promptSha256: 'made up',
      frozen: freezeConfig(config),
      endpoint: config.endpoint,
      host: { name: 'made-up', os: 'made-up' },
      version: '0.1.0',
    });
    store.passes.add(experimentId, null, store.experiments.get(experimentId)!.n_narratives_total);
    store.events.add(experimentId, 'started');
  });
}

/** Every third is detected, as the label says, but for one in twenty; the experiments differ in one of ten. */
function resultOf(experimentId: string, position: number, experiment: number, nowMs: number): ResultToSave {
  const outcome: Outcome =
    position % ERROR_EVERY === 7
      ? failed()
      : answered(
          (position % 3 === 0) !== (position % 20 === 9 || position % 10 === experiment),
          0.5 + (position % 50) / 100,
        );
  return {
    experimentId,
    position,
    narrativeId: position + 1,
    pass: 0,
    startedAt: new Date(nowMs - 1500).toISOString(),
    responseMs: 1000 + (position % 1000),
    calls: 1,
    endpoint: 'http://127.0.0.1:1',
    outcome,
    reply: outcome.kind === 'error' ? null : replyOf(position, outcome),
  };
}

function replyOf(position: number, { answer }: Outcome & { kind: 'answer' }): ReplyFacts {
  const { detected, confidence, indicators, rationale } = answer;
  return {
    raw: JSON.stringify({ detected, confidence, indicators, rationale }),
    model: 'simulated-model',
    responseId: `made-up-${position}`,
    finishReason: 'stop',
    refusal: null,
    promptTokens: 200,
    completionTokens: 40,
    totalTokens: 240,
  };
}
