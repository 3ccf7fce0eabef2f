import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ExportError } from '../../src/export/export-error';
import { writeWholeFile } from '../../src/export/write-whole-file';
import { inFolder } from '../helpers/client-process';

const inIt = (work: (folder: string) => void): Promise<void> =>
  inFolder((folder) => {
    work(folder);
    return Promise.resolve();
  });

it('writes all chunks, makes the folder and lets only the owner read', () =>
  inIt((folder) => {
    const file = join(folder, 'new', 'out.csv');
    writeWholeFile(file, ['ä', Buffer.from('b'), 'c'.repeat(3 << 20)]);
    expect(readFileSync(file, 'utf8')).toBe(`äb${'c'.repeat(3 << 20)}`);
    expect(statSync(file).mode & 0o077).toBe(0);
    expect(readdirSync(join(folder, 'new'))).toEqual(['out.csv']);
  }));

it('leaves the earlier file and nothing else when it breaks off', () =>
  inIt((folder) => {
    const file = join(folder, 'out.csv');
    writeFileSync(file, 'earlier');
    const chunks = function* (): Iterable<string> {
      yield 'x'.repeat(2 << 20);
      throw new Error('broken off');
    };
    expect(() => writeWholeFile(file, chunks())).toThrow('broken off');
    expect(readFileSync(file, 'utf8')).toBe('earlier');
    expect(readdirSync(folder)).toEqual(['out.csv']);
  }));

it('says what to do where the file cannot be written', () =>
  inIt((folder) => {
    mkdirSync(join(folder, 'out.csv'));
    expect(() => writeWholeFile(join(folder, 'out.csv'), ['x'])).toThrow(ExportError);
    writeFileSync(join(folder, 'plain'), '');
    expect(() => writeWholeFile(join(folder, 'plain', 'out.csv'), ['x'])).toThrow(
      /cannot be written \((ENOTDIR|EEXIST)\)\. Check the folder/,
    );
    expect(readdirSync(folder).sort()).toEqual(['out.csv', 'plain']);
  }));
