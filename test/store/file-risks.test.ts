import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeFileRisks, networkFileSystemOf } from '../../src/store/file-risks';

describe('describeFileRisks', () => {
  it('names files that others can read, and the command that closes them', () => {
    const folder = mkdtempSync(join(tmpdir(), 'longhaul-risks-'));
    const file = join(folder, 'study.db');
    expect(describeFileRisks(join(folder, 'none', 'study.db'))).toEqual([]);
    writeFileSync(file, '');
    writeFileSync(`${file}-wal`, '');
    chmodSync(`${file}-wal`, 0o600);
    chmodSync(file, 0o640);
    expect(describeFileRisks(file)).toEqual([expect.stringMatching(`chmod 600 ${file}$`)]);
    chmodSync(file, 0o600);
    expect(describeFileRisks(file)).toEqual([]);
    rmSync(folder, { recursive: true });
  });

  it.each([
    [0x6969, 'NFS'],
    [0xff534d42, 'SMB'],
    [0xfe534d42 | 0, 'SMB'],
    [0x517b, 'SMB'],
    [0x65735546, 'FUSE'],
    [0xef53, null],
    [0x01021994, null],
  ])('networkFileSystemOf knows %i as %s', (type, name) => {
    expect(networkFileSystemOf(type)).toBe(name);
  });
});
