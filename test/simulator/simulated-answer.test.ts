import fc from 'fast-check';
import { simulatedLatencyMs } from '../../src/simulator/latency';
import { digestOf, simulatedAnswer } from '../../src/simulator/simulated-answer';
import { findViolenceCues } from '../../src/simulator/violence-cues';

const DIGESTS = Array.from({ length: 5000 }, (_, index) => digestOf(`text ${index}`));

function detectedShare(textOf: (index: number) => string, seed = 1): number {
  const answers = DIGESTS.map((_, index) => simulatedAnswer(textOf(index), { seed }));
  return answers.filter(({ detected }) => detected).length / answers.length;
}

describe('simulatedAnswer', () => {
  it('gives the same answer to the same text, within its bounds', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer(), (text, seed) => {
        const answer = simulatedAnswer(text, { seed });
        expect(simulatedAnswer(text, { seed })).toEqual(answer);
        expect(answer.confidence).toBeGreaterThanOrEqual(0.6);
        expect(answer.confidence).toBeLessThanOrEqual(0.99);
        expect(answer.indicators.length > 0).toBe(answer.detected);
      }),
    );
  });

  it('shows by its rationale which text was answered', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, other) => {
        fc.pre(one !== other);
        const { rationale, digest } = simulatedAnswer(one, { seed: 1 });
        expect(rationale).toContain(digestOf(one).slice(0, 12));
        expect(digest).toBe(digestOf(one));
        expect(rationale).not.toContain(digestOf(other).slice(0, 12));
      }),
    );
  });

  it('digests a text to its SHA-256', () => {
    expect(digestOf('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });

  it('detects about 88 % of the texts with a cue and 3 % of those without', () => {
    const withCue = detectedShare((index) => `Case ${index}: her husband had threatened her.`);
    const withoutCue = detectedShare((index) => `Case ${index}: nothing of note.`);
    expect(withCue).toBeGreaterThan(0.86);
    expect(withCue).toBeLessThan(0.9);
    expect(withoutCue).toBeGreaterThan(0.02);
    expect(withoutCue).toBeLessThan(0.04);
  });

  it('decides otherwise for some texts under another seed', () => {
    const text = (index: number) => `Case ${index}: her husband had threatened her.`;
    const differ = DIGESTS.filter((_, index) => {
      const [one, two] = [1, 2].map((seed) => simulatedAnswer(text(index), { seed }));
      return one?.detected !== two?.detected;
    });
    expect(differ.length).toBeGreaterThan(500);
  });
});

describe('findViolenceCues', () => {
  it.each([
    ['He had obtained a restraining order.', ['protective order']],
    ['Two calls for a domestic disturbance.', ['earlier domestic incident']],
    ['Her boyfriend had assaulted her.', ['physical violence']],
    ['She was assaulted by her former husband.', ['physical violence']],
    ['His wife threatened him and was controlling.', ['threats', 'controlling behaviour']],
    ['She was afraid of her husband.', ['fear of the partner']],
    ['He was stalked at work.', ['stalking']],
    ['He fell and hit his head. His wife called for help.', []],
    ['Does this text show intimate partner violence?', []],
    ['', []],
  ])('finds in %j the cues %j', (text, cues) => {
    expect(findViolenceCues(text)).toEqual(cues);
  });
});

describe('simulatedLatencyMs', () => {
  it('is the given one where it is constant', () => {
    expect(simulatedLatencyMs(digestOf('any'), { kind: 'constant', ms: 42 })).toBe(42);
  });

  it.each([0, 0.35, 0.8])('averages to the asked mean with sigma %d', (sigma) => {
    const latencies = DIGESTS.map((digest) =>
      simulatedLatencyMs(digest, { kind: 'lognormal', meanMs: 500, sigma }),
    );
    const mean = latencies.reduce((sum, ms) => sum + ms, 0) / latencies.length;
    expect(Math.abs(mean - 500)).toBeLessThan(25);
    const logs = latencies.map(Math.log);
    const meanLog = logs.reduce((sum, log) => sum + log, 0) / logs.length;
    const deviation = Math.sqrt(logs.reduce((sum, log) => sum + (log - meanLog) ** 2, 0) / logs.length);
    expect(deviation).toBeCloseTo(sigma, 1);
  });

  it('is the same for one text each time', () => {
    const distribution = { kind: 'lognormal', meanMs: 500, sigma: 0.8 } as const;
    const latencies = () => DIGESTS.slice(0, 50).map((digest) => simulatedLatencyMs(digest, distribution));
    expect(latencies()).toEqual(latencies());
    expect(new Set(latencies()).size).toBe(50);
  });
});
