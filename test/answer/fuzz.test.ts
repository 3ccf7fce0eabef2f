import { fuzz } from './fuzz';

describe('parseAnswer', () => {
  it('gives no wrong decision for 100,000 answers, whole and damaged, and reads every whole one', () => {
    const { groups, wrong, lost } = fuzz({ cases: 100_000, seed: 7 });
    expect([...groups.values()].reduce((sum, { cases }) => sum + cases, 0)).toBe(100_000);
    expect({ wrong, lost }).toEqual({ wrong: [], lost: [] });
  }, 120_000);
});
