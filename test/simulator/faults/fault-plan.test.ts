import fc from 'fast-check';
import { FaultPlan, type FaultOptions } from '../../../src/simulator/faults/fault-plan';
import { digestOf } from '../../../src/simulator/simulated-answer';

const DIGESTS = Array.from({ length: 2000 }, (_, index) => digestOf(`text ${index}`));

/** The faults of the first calls of each text, named by row and variant. */
function draw(options: FaultOptions, seed: number, calls: number, digests = DIGESTS): string[][] {
  const plan = new FaultPlan(options, seed);
  return digests.map((digest) =>
    Array.from({ length: calls }, () => {
      const planned = plan.next(digest);
      return planned === null ? '-' : `${planned.fault.number}:${planned.variant.name}`;
    }),
  );
}

function faultyShare(calls: string[]): number {
  return calls.filter((call) => call !== '-').length / calls.length;
}

describe('FaultPlan', () => {
  it('gives the same faults to the same seed, in whatever order the texts come', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0 }), fc.shuffledSubarray(DIGESTS.slice(0, 40)), (seed, digests) => {
        const options = { list: 'mix', rate: 0.5, callsPerText: 2 };
        const inOrder = new Map(
          draw(options, seed, 3, DIGESTS.slice(0, 40)).map((calls, index) => [DIGESTS[index], calls]),
        );
        const shuffled = draw(options, seed, 3, digests);
        shuffled.forEach((calls, index) => expect(calls).toEqual(inOrder.get(digests[index])));
      }),
      { numRuns: 30 },
    );
  });

  it('gives other faults to another seed', () => {
    const options = { list: 'mix', rate: 0.5 };
    expect(draw(options, 1, 1)).not.toEqual(draw(options, 2, 1));
  });

  it('makes about so many calls faulty as the rate says', () => {
    const calls = draw({ list: 'mix', rate: 0.1 }, 7, 1).flat();
    expect(faultyShare(calls)).toBeGreaterThan(0.07);
    expect(faultyShare(calls)).toBeLessThan(0.13);
  });

  it('lets a transient fault give way after the first call', () => {
    expect(new Set(draw({ list: '49' }, 1, 3).map((calls) => calls.slice(1).join()))).toEqual(
      new Set(['-,-']),
    );
  });

  it('bounds how many calls of one text may be faulty', () => {
    const faulty = (callsPerText: number) =>
      draw({ list: '44', callsPerText }, 1, 4, DIGESTS.slice(0, 1)).flat();
    expect(faulty(3)).toEqual(['44:only', '44:only', '44:only', '-']);
    expect(faulty(Infinity)).toEqual(['44:only', '44:only', '44:only', '44:only']);
  });

  it.each(['7', '26:vllm', '33:key', '51'])('serves row %s at every call of its text', (list) => {
    const calls = draw({ list, rate: 0.3 }, 1, 4);
    expect(calls.some(([first]) => first !== '-')).toBe(true);
    for (const [first, ...later] of calls) expect(new Set(later)).toEqual(new Set([first]));
  });

  it('goes through all rows of a mixture and all variants of a row', () => {
    const rows = new Set(draw({ list: '44-49' }, 1, 1).map(([call]) => call?.split(':')[0]));
    expect([...rows].sort()).toEqual(['44', '45', '46', '47', '48', '49']);
    expect(new Set(draw({ list: '26' }, 1, 1).flat()).size).toBe(14);
  });

  it('mixes in nothing that stops an experiment or outlasts its call', () => {
    const rows = new Set(draw({ list: 'mix', callsPerText: 20 }, 1, 20, DIGESTS).flat());
    for (const never of ['33:key', '45:day', '50:only', '56:only', '57:kills-server', '67:only']) {
      expect(rows).not.toContain(never);
    }
    expect(rows).toContain('34:in-flight-budget');
    expect(rows.size).toBeGreaterThan(80);
  });

  it('has no faults where none are asked for', () => {
    expect(new FaultPlan(null, 1).next('digest')).toBeNull();
  });
});
