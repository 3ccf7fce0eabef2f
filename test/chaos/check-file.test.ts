import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { simulatedAnswer } from '../../src/simulator/simulated-answer';
import { inFolder, narrativeText, userMessage, writeStudy } from '../helpers/client-process';
import { answered, saveOutcomes, startStored, withStore } from '../helpers/stored-study';
import type { Outcome } from '../../src/store/results';
import { checkFile, type Files, type StoredRow } from './check-file';
import { MODEL_SEED } from './stage';

const N = 6;

/** The outcome that the simulated model gives to a narrative. */
function givenTo(index: number): Outcome {
  const given = simulatedAnswer(userMessage(narrativeText(index)), { seed: MODEL_SEED });
  const outcome = answered(given.detected);
  if (outcome.kind === 'answer') outcome.answer.rationale = given.rationale;
  return outcome;
}

/** Looks at a file with right answers, then at what `spoil` has made of it. */
async function violationsAfter(
  spoil: (database: Database.Database, files: Files) => void,
): Promise<string[]> {
  return inFolder(async (folder) => {
    const files = { db: join(folder, 'study.db'), journalFile: join(folder, 'journal.jsonl') };
    writeStudy(folder, { apiUrl: 'http://127.0.0.1:1/v1', nNarratives: N });
    withStore(folder, (store) => {
      const { experimentId } = startStored(store, folder).decision;
      saveOutcomes(
        store,
        experimentId,
        Array.from({ length: N }, (_, index) => givenTo(index)),
      );
    });
    writeFileSync(files.journalFile, '{"saved":1}\n{"commitMs":0.3}\n');
    const seen = new Map<number, StoredRow>();
    expect(checkFile(files, seen)).toMatchObject({ violations: [], wrong: 0, lost: 0, duplicated: 0 });
    const database = new Database(files.db);
    spoil(database, files);
    database.close();
    return Promise.resolve(checkFile(files, seen).violations);
  });
}

describe('checkFile', () => {
  it('finds nothing in a file that nobody spoiled', async () => {
    expect(await violationsAfter(() => {})).toEqual([]);
  });

  it('finds an answer that belongs to another narrative', async () => {
    const swap = `UPDATE narrative_results SET rationale = (SELECT rationale FROM narrative_results WHERE incident_id = '1')
      WHERE incident_id = '2'`;
    expect(await violationsAfter((database) => database.exec(swap))).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^I9: narrative 2/),
        expect.stringMatching(/^I6: .*2 has changed/),
      ]),
    );
  });

  it('finds a result that has vanished, and counters that differ', async () => {
    const remove = "DELETE FROM narrative_results WHERE incident_id = '3'";
    expect(await violationsAfter((database) => database.exec(remove))).toEqual(
      expect.arrayContaining([expect.stringMatching(/^I1: .*3 has vanished/), expect.stringMatching(/^I5/)]),
    );
  });

  it('finds a result off the list, and one without its attempts', async () => {
    const spoil =
      'DELETE FROM experiment_narratives WHERE position = 0; DELETE FROM result_attempts WHERE attempt_id = 2';
    expect(await violationsAfter((database) => database.exec(spoil))).toEqual([
      expect.stringMatching(/^I2: 1 /),
      expect.stringMatching(/^I6: 1 /),
    ]);
  });

  it('finds what was acknowledged and is not there', async () => {
    const acknowledge = (_: unknown, { journalFile }: Files): void =>
      writeFileSync(journalFile, '{"saved":99}\n');
    expect(await violationsAfter(acknowledge)).toEqual([expect.stringMatching(/^I3: 1 /)]);
  });
});
