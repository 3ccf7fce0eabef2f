/** How the time of one answer grows with the answers computed at once. */
export type LoadCurve =
  | { kind: 'none' }
  /** Each further answer adds this share of the time alone. */
  | { kind: 'linear'; perCall: number }
  /** Throughput grows up to `at` answers at once and stays there. */
  | { kind: 'saturates'; at: number }
  /** Throughput grows up to `at` answers at once and falls beyond. */
  | { kind: 'peaks'; at: number };

/** By how much an answer takes longer when so many are computed at once, itself included; 1 = as long as alone. */
export function slowdownOf(curve: LoadCurve, atOnce: number): number {
  switch (curve.kind) {
    case 'none':
      return 1;
    case 'linear':
      return 1 + curve.perCall * (atOnce - 1);
    case 'saturates':
      return Math.max(1, atOnce / curve.at);
    case 'peaks':
      return Math.max(1, (atOnce / curve.at) ** 2);
  }
}
