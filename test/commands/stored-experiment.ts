/** A results file with one experiment whose rows are made from replies, without a model server. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { parsedOutcome } from '../../src/activities/parsed-outcome';
import type { ReplyText } from '../../src/answer/parse-answer';
import { runProgram } from '../../src/commands/program';
import type { FrozenConfig } from '../../src/config/frozen-config';
import { textsSha256, type SourceNarrative } from '../../src/dataset/read-dataset';
import { openStore } from '../../src/store/open-store';
import type { ResultToSave } from '../../src/store/results';

export const EXPERIMENT_ID = 'study-1';

const FROZEN: FrozenConfig = {
  version: 1,
  name: 'study',
  author: null,
  notes: null,
  modelName: 'm',
  provider: null,
  temperature: 0,
  maxTokens: 100,
  maxTokensWritten: false,
  systemPrompt: 's',
  userTemplate: '<<TEXT>>',
  promptVersion: 'v1',
  answer: null,
  seed: 123,
  maxNarratives: null,
  batchSize: 100,
  saveCsvJson: false,
  dataFile: 'data.csv',
};

export class StoredExperiment {
  readonly folder = mkdtempSync(join(tmpdir(), 'longhaul-'));
  readonly file = join(this.folder, 'results.db');

  /** Stores one row a reply, as the worker does; every second narrative is labelled true, the others false. */
  create(replies: readonly ReplyText[], answer: FrozenConfig['answer'] = null): void {
    const store = openStore(this.file);
    const narratives: SourceNarrative[] = replies.map((_, index) => ({
      incidentId: `i${index}`,
      narrativeType: 'cme',
      text: `CANARY text ${index}`,
      manualFlagInd: index % 2 === 0 ? 1 : 0,
      manualFlag: null,
      attributes: {},
    }));
    const sha256 = textsSha256(narratives);
    const { datasetId } = store.datasets.importDataset({
      file: 'data.csv',
      checksums: { sha256: 'a', md5: 'b' },
      textsSha256: sha256,
      narratives,
      nNarratives: narratives.length,
      report: {} as never,
    });
    store.experiments.create({
      experimentId: EXPERIMENT_ID,
      fingerprint: 'f',
      replicate: 1,
      datasetId,
      textsSha256: sha256,
      promptSha256: 'p',
      frozen: { ...FROZEN, answer },
      endpoint: {
        apiUrl: 'http://127.0.0.1:1/v1/chat/completions',
        apiKeyEnv: null,
        allowedHosts: [],
        timeoutMs: 1,
        concurrency: 4,
      },
      host: { name: 'h', os: 'o' },
      version: '0.0.0',
    });
    store.passes.add(EXPERIMENT_ID, null, replies.length);
    store.results.save(replies.map((reply, index) => resultOf(reply, index, answer)));
    store.passes.finish(EXPERIMENT_ID, 0);
    store.close();
  }

  /** Runs SQL on the file, as a user or an older version might have. */
  sql<T = Record<string, unknown>>(sql: string): T[] {
    const database = new Database(this.file);
    try {
      const statement = database.prepare(sql);
      if (statement.reader) return statement.all() as T[];
      statement.run();
      return [];
    } finally {
      database.close();
    }
  }

  /** Runs a command on the file in this process. */
  async run(...argv: string[]): Promise<{ exitCode: number; stdout: string; stderr: string }> {
    const said = { stdout: '', stderr: '' };
    const exitCode = await runProgram([...argv, '--db', this.file], {
      environment: {},
      workingDirectory: this.folder,
      stdout: { write: (text) => (said.stdout += text) },
      stderr: { write: (text) => (said.stderr += text) },
    });
    return { exitCode, ...said };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}

function resultOf(reply: ReplyText, index: number, answer: FrozenConfig['answer']): ResultToSave {
  return {
    experimentId: EXPERIMENT_ID,
    position: index,
    narrativeId: index + 1,
    pass: 0,
    startedAt: '2026-01-01T00:00:00.000Z',
    responseMs: 10,
    calls: 1,
    endpoint: 'http://127.0.0.1:1',
    outcome: parsedOutcome(reply, answer),
    reply: {
      raw: reply.content,
      refusal: reply.refusal,
      model: null,
      responseId: null,
      finishReason: reply.finishReason,
      promptTokens: null,
      completionTokens: null,
      totalTokens: null,
    },
  };
}
