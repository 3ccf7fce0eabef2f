/** A shell in which `client` is on the path and the results file holds an experiment. */
import { spawnSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inFolder, writeStudy } from './client-process';
import { startStored, withStore } from './stored-study';

const CLIENT = join(__dirname, '../../dist/client.js');

/** Runs a script in it; `work` gets what it printed and the id of the experiment. */
export async function inShell(
  shell: string,
  script: string,
  work: (stdout: string, id: string) => void,
): Promise<void> {
  await inFolder((folder) => {
    writeStudy(folder, { apiUrl: 'http://127.0.0.1:9/v1', nNarratives: 1 });
    const id = withStore(folder, (store) => startStored(store, folder).decision.experimentId);
    writeFileSync(join(folder, 'client'), `#!/bin/sh\nexec ${process.execPath} ${CLIENT} "$@"\n`);
    chmodSync(join(folder, 'client'), 0o700);
    const environment = { ...process.env, PATH: `${folder}:${process.env.PATH}`, EXPERIMENTS_DB: 'study.db' };
    const { stdout, stderr, status } = spawnSync(shell, ['-c', script], {
      cwd: folder,
      env: environment,
      encoding: 'utf8',
    });
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    work(stdout, id);
    return Promise.resolve();
  });
}
