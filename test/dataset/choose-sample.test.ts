import fc from 'fast-check';
import { chooseSample } from '../../src/dataset/choose-sample';

it('a sample is as large as asked, in order, without repetition, and holds the smaller samples of its seed', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 300 }), fc.nat(300), fc.nat(300), fc.nat(), (total, a, b, seed) => {
      const [small, large] = [Math.min(a, b, total), Math.min(Math.max(a, b), total)];
      const sample = chooseSample(total, large, seed);
      expect(sample).toHaveLength(large);
      expect(sample).toEqual([...new Set(sample)].sort((x, y) => x - y));
      expect(sample.every((place) => place >= 0 && place < total)).toBe(true);
      expect(chooseSample(total, large, seed)).toEqual(sample);
      for (const place of chooseSample(total, small, seed)) expect(sample).toContain(place);
    }),
    { numRuns: 50 },
  );
});

it('another seed chooses another sample, and no part of the list is favoured', () => {
  expect(chooseSample(1000, 100, 1)).not.toEqual(chooseSample(1000, 100, 2));
  const counts = [0, 0, 0, 0];
  for (let seed = 0; seed < 50; seed += 1)
    for (const place of chooseSample(1000, 100, seed)) counts[Math.floor(place / 250)]! += 1;
  for (const count of counts) expect(Math.abs(count - 1250)).toBeLessThan(150);
});
