import { hashFraction } from './hash-fraction';

/** How long the simulated model takes for an answer, in milliseconds. */
export type LatencyDistribution =
  | { kind: 'constant'; ms: number }
  | { kind: 'uniform'; minMs: number; maxMs: number }
  | { kind: 'lognormal'; meanMs: number; sigma: number }
  /** A share (0 to 1) of the texts takes `stragglerMs`, the others what `others` says. */
  | { kind: 'stragglers'; share: number; stragglerMs: number; others: LatencyDistribution };

/** Milliseconds until the answer to the text with this digest, the same each time. */
export function simulatedLatencyMs(digest: string, distribution: LatencyDistribution): number {
  switch (distribution.kind) {
    case 'constant':
      return distribution.ms;
    case 'uniform': {
      const { minMs, maxMs } = distribution;
      return minMs + (maxMs - minMs) * hashFraction(`latency-uniform/${digest}`);
    }
    case 'lognormal': {
      const { meanMs, sigma } = distribution;
      return meanMs * Math.exp(sigma * standardNormal(digest) - sigma ** 2 / 2);
    }
    case 'stragglers': {
      const { share, stragglerMs, others } = distribution;
      const isStraggler = hashFraction(`straggler/${digest}`) < share;
      return isStraggler ? stragglerMs : simulatedLatencyMs(digest, others);
    }
  }
}

/** A standard normal number by the Box-Muller transform of two fractions. */
function standardNormal(digest: string): number {
  const radius = Math.sqrt(-2 * Math.log(1 - hashFraction(`latency-radius/${digest}`)));
  return radius * Math.cos(2 * Math.PI * hashFraction(`latency-angle/${digest}`));
}
