import { simulatedLatencyMs, type LatencyDistribution } from '../../src/simulator/latency';
import { digestOf } from '../../src/simulator/simulated-answer';

const DIGESTS = Array.from({ length: 5000 }, (_, index) => digestOf(`text ${index}`));

function draw(distribution: LatencyDistribution): number[] {
  return DIGESTS.map((digest) => simulatedLatencyMs(digest, distribution));
}

describe('simulatedLatencyMs', () => {
  it('is the given one where it is constant', () => {
    expect(simulatedLatencyMs(digestOf('any'), { kind: 'constant', ms: 42 })).toBe(42);
  });

  it.each([0, 0.35, 0.8])('averages to the asked mean with sigma %d', (sigma) => {
    const latencies = draw({ kind: 'lognormal', meanMs: 500, sigma });
    expect(Math.abs(meanOf(latencies) - 500)).toBeLessThan(25);
    const logs = latencies.map(Math.log);
    const deviation = Math.sqrt(meanOf(logs.map((log) => (log - meanOf(logs)) ** 2)));
    expect(deviation).toBeCloseTo(sigma, 1);
  });

  it('spreads evenly between its bounds', () => {
    const latencies = draw({ kind: 'uniform', minMs: 100, maxMs: 300 });
    expect(Math.min(...latencies)).toBeGreaterThanOrEqual(100);
    expect(Math.max(...latencies)).toBeLessThan(300);
    expect(Math.abs(meanOf(latencies) - 200)).toBeLessThan(5);
    expect(latencies.filter((ms) => ms < 150).length / latencies.length).toBeCloseTo(0.25, 1);
  });

  it('lets a share of the texts take far longer, always the same ones', () => {
    const others = { kind: 'constant', ms: 20 } as const;
    const distribution = { kind: 'stragglers', share: 0.05, stragglerMs: 60_000, others } as const;
    const latencies = draw(distribution);
    expect(new Set(latencies)).toEqual(new Set([20, 60_000]));
    expect(latencies.filter((ms) => ms === 60_000).length / latencies.length).toBeCloseTo(0.05, 2);
    expect(draw(distribution)).toEqual(latencies);
  });

  it('is the same for one text each time, and another for another', () => {
    const distribution = { kind: 'lognormal', meanMs: 500, sigma: 0.8 } as const;
    expect(draw(distribution)).toEqual(draw(distribution));
    expect(new Set(draw(distribution).slice(0, 50)).size).toBe(50);
  });
});

function meanOf(numbers: number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}
