import { decideList, type ListEvidence } from '../../../src/store/upgrade/decide-list';
import { findSource } from '../../../src/store/upgrade/find-sources';

const evidence = (part: Partial<ListEvidence>): ListEvidence => ({
  isCompleted: false,
  nSource: 100,
  total: 100,
  knewResume: true,
  nResults: 20,
  nErrors: 1,
  nOutside: 0,
  nBeyondTotal: 0,
  rowNumbersAgree: true,
  ...part,
});

describe('decideList', () => {
  it.each<[string, Partial<ListEvidence>, number]>([
    ['the total is that of the file', {}, 100],
    ['it was resumed over the whole file', { rowNumbersAgree: false }, 100],
    ['every narrative has a result, whatever the total says', { total: 80, nResults: 100 }, 100],
    ['a limit is lower than any remainder could be', { total: 40 }, 40],
    ['row numbers show that nothing was resumed', { total: 50, nResults: 50, nErrors: 0, nSource: 90 }, 50],
    ['the program could not resume', { total: 80, knewResume: false }, 80],
    ['a limited experiment was completed', { total: 50, nResults: 50, isCompleted: true }, 50],
    ['a completed one lost results', { isCompleted: true, nResults: 97 }, 100],
  ])('takes the first of the file where %s', (_why, part, length) => {
    expect(decideList(evidence(part))).toEqual({ list: 'source', length });
  });

  it.each<[string, Partial<ListEvidence>, RegExp]>([
    ['the file has no source rows', { nSource: null }, /not in the results file/],
    ['results are of other files', { nOutside: 6 }, /6 of its results/],
    ['no total was stored', { total: null }, /not stored/],
    ['the total is more than the file has', { total: 120 }, /120 narratives, but 100/],
    ['results lie beyond the total', { total: 10, nBeyondTotal: 5 }, /beyond the first 10/],
    ['the total is what was left when it was resumed', { total: 80, nResults: 20 }, /left over/],
    [
      'row numbers show a resume, and the total is less than the file',
      { total: 80, nResults: 50, rowNumbersAgree: false },
      /left over/,
    ],
    ['the total may be a count of errors', { total: 10, nResults: 10, nErrors: 10 }, /left over/],
  ])('takes the results only where %s', (_why, part, why) => {
    expect(decideList(evidence(part))).toEqual({
      list: 'results',
      why: expect.stringMatching(why) as string,
    });
  });
});

describe('findSource', () => {
  it.each([
    ['data/a.xlsx', 'data/a.xlsx'],
    ['./data/a.xlsx', 'data/a.xlsx'],
    ['/home/someone/data/a.xlsx', 'data/a.xlsx'],
    ['b.xlsx', 'data/b.xlsx'],
    ['c.xlsx', null],
    ['other.xlsx', null],
    [null, null],
  ])('finds for %s the source %s', (dataFile, source) => {
    expect(findSource(dataFile, ['data/a.xlsx', 'data/b.xlsx', 'x/c.xlsx', 'y/c.xlsx'])).toBe(source);
  });
});
