/** The embedded Temporal server as commands start it. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startEmbedded } from '../../src/temporal/embedded-service';
import { inFolder } from '../helpers/client-process';

jest.setTimeout(120_000);

it('a database that Temporal cannot use is set aside, and the server starts with a fresh one', async () => {
  await inFolder(async (folder) => {
    const database = join(folder, 'study.db.temporal.db');
    writeFileSync(database, 'left half made by a server that was killed');
    const said: string[] = [];
    const service = await startEmbedded(join(folder, 'study.db'), process.env, (line) => said.push(line));
    try {
      expect(said).toEqual([expect.stringContaining(`it is ${database}.unusable now`)]);
      expect(existsSync(`${database}.unusable`)).toBe(true);
      await service.client.workflowService.describeNamespace({ namespace: service.namespace });
    } finally {
      await service.close();
    }
  });
});

it('a database is left where it was when a fresh one does not help either', async () => {
  await inFolder(async (folder) => {
    const database = join(folder, 'study.db.temporal.db');
    writeFileSync(database, 'anything');
    const environment = { TEMPORAL_CLI_PATH: '/bin/false' };
    await expect(startEmbedded(join(folder, 'study.db'), environment, () => {})).rejects.toThrow(
      'did not start',
    );
    expect([existsSync(database), existsSync(`${database}.unusable`)]).toEqual([true, false]);
  });
});
