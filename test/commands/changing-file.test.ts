/** A data file that somebody writes to between the first look at it and the import: nothing of it gets in. */
import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '../../src/config/load-config';
import { decideStart } from '../../src/commands/decide-start';
import { applyDecision } from '../../src/commands/start-experiment';
import { AS_CONFIGURED, wantedExperiment } from '../../src/commands/wanted-experiment';
import { DatasetError } from '../../src/errors';
import type { Store } from '../../src/store/open-store';
import { inFolder, query, writeStudy } from '../helpers/client-process';
import { startStored, withStore } from '../helpers/stored-study';

const NOWHERE = 'http://127.0.0.1:9/v1/chat/completions';

/** Starts and lets `change` happen after the file was looked at. */
function startMeanwhile(store: Store, folder: string, change: () => void): void {
  const loaded = loadConfig('study.yaml', { environment: {}, workingDirectory: folder });
  const wanted = wantedExperiment(loaded, AS_CONFIGURED, store);
  const decision = decideStart(store, wanted, { replicate: 1, isNew: false });
  change();
  applyDecision(store, wanted, decision);
}

it.each<[string, (file: string) => void]>([
  ['another text', (file) => writeFileSync(file, readFileSync(file, 'utf8').replace(/e(?=[^e]*$)/, 'E'))],
  ['a row more', (file) => appendFileSync(file, '999999,cme,One more\n')],
  ['blank lines more', (file) => appendFileSync(file, '\n\n')],
  ['nothing left', (file) => writeFileSync(file, '')],
  ['no file left', (file) => rmSync(file)],
])('with %s leaves the results file as it was', async (_, change) => {
  await inFolder((folder) => {
    writeStudy(folder, { apiUrl: NOWHERE, nNarratives: 50 });
    const file = join(folder, 'data.csv');
    const before = readFileSync(file, 'utf8');
    withStore(folder, (store) => {
      expect(() => startMeanwhile(store, folder, () => change(file))).toThrow(DatasetError);
    });
    const counts = `SELECT (SELECT count(*) FROM datasets) + (SELECT count(*) FROM source_narratives)
      + (SELECT count(*) FROM experiments) + (SELECT count(*) FROM experiment_events) AS n`;
    expect(query(join(folder, 'study.db'), counts)).toEqual([{ n: 0 }]);
    writeFileSync(file, before);
    withStore(folder, (store) => expect(startStored(store, folder).decision).toMatchObject({ create: true }));
  });
});

it('takes over no label when it has changed once more', async () => {
  await inFolder((folder) => {
    writeStudy(folder, { apiUrl: NOWHERE, nNarratives: 3 });
    const file = join(folder, 'data.csv');
    const withLabels = (...labels: string[]): void => {
      const rows = labels.map((label, index) => `${index},le,Text ${index},${label}\n`);
      writeFileSync(file, `incident_id,narrative_type,narrative_text,manual_flag_ind\n${rows.join('')}`);
    };
    const labels = (): unknown[] =>
      query<{ label: number | null }>(
        join(folder, 'study.db'),
        'SELECT manual_flag_ind AS label FROM source_narratives ORDER BY narrative_id',
      ).map(({ label }) => label);
    withLabels('1', '', '0');
    withStore(folder, (store) => startStored(store, folder));
    withLabels('1', '1', '0');
    withStore(folder, (store) => {
      expect(() => startMeanwhile(store, folder, () => withLabels('1', '1', '1'))).toThrow(
        'it was changed while it was read',
      );
    });
    expect(labels()).toEqual([1, null, 0]);
    withStore(folder, (store) => startStored(store, folder));
    expect(labels()).toEqual([1, 1, 1]);
  });
});
