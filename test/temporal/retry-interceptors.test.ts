import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { retryInterceptors } from '../../src/temporal/retry-interceptors';

it('a call that waits for its next try does no harm when the connection is closed', () => {
  const args = ['scripts/run-typescript.js', 'test/temporal/close-while-retrying.ts'];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: join(__dirname, '../..'),
    encoding: 'utf8',
  });
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: 'still there\n', stderr: '' });
});

function failingCall(isClosed: boolean): () => unknown {
  const [, last] = retryInterceptors(() => isClosed);
  return () =>
    last!({} as never, () => {
      throw new Error('a mistake of ours');
    });
}

it('an error of a call is thrown as long as the connection is open', () => {
  expect(failingCall(false)).toThrow('a mistake of ours');
});

it('an error of a call is ignored after the close, where nobody waits for it', () => {
  expect(failingCall(true)).not.toThrow();
});
