import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureCommitMs } from '../../src/store/commit-time';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'longhaul-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('measureCommitMs', () => {
  it('measures beside the results file and leaves nothing there', () => {
    writeFileSync(join(folder, 'study.db'), 'as it was');
    expect(measureCommitMs(join(folder, 'study.db'))).toBeGreaterThan(0);
    expect(readdirSync(folder)).toEqual(['study.db']);
  });

  it('measures in the nearest folder that is there', () => {
    expect(measureCommitMs(join(folder, 'a', 'b', 'study.db'))).toBeGreaterThan(0);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('throws where nothing can be written', () => {
    writeFileSync(join(folder, 'file'), '');
    expect(() => measureCommitMs(join(folder, 'file', 'study.db'))).toThrow();
  });
});
