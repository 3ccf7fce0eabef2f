import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

it('a call that waits for its next try does no harm when the connection is closed', () => {
  const args = ['scripts/run-typescript.js', 'test/temporal/close-while-retrying.ts'];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: join(__dirname, '../..'),
    encoding: 'utf8',
  });
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: 'still there\n', stderr: '' });
});
