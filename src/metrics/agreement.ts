/** How two judges agree about yes and no, and how much of that chance and prevalence explain. Pure. */
import { cohensKappa, cohensKappaInterval } from './cohens-kappa';
import { share, type Share } from './share';

/** What two judges said about the same things. */
export interface AgreementCounts {
  both_yes: number;
  only_first: number;
  only_second: number;
  both_no: number;
}

/** Nulls = nothing to say. Intervals are of 95 %. */
export interface Agreement extends AgreementCounts {
  n: number;
  /** Share of cases in which both say the same. */
  agreement: Share;
  kappa: number | null;
  kappa_interval: [number, number] | null;
  /** Prevalence- and bias-adjusted kappa (Byrt, Bishop and Carlin 1993): 2 * agreement - 1. */
  pabak: number | null;
  /** Of all that either judge called yes: how far both did, 2 * both_yes / (yes of first + yes of second). */
  positive_agreement: number | null;
  negative_agreement: number | null;
}

/** All measures from the four counts. */
export function agreementOf(counts: AgreementCounts): Agreement {
  const { both_yes: yes, only_first: first, only_second: second, both_no: no } = counts;
  const n = yes + first + second + no;
  const matrix = { truePositive: yes, falsePositive: first, falseNegative: second, trueNegative: no };
  const split = first + second;
  return {
    ...counts,
    n,
    agreement: share(yes + no, n),
    kappa: cohensKappa(matrix),
    kappa_interval: cohensKappaInterval(matrix),
    pabak: n === 0 ? null : (2 * (yes + no)) / n - 1,
    positive_agreement: yes + split === 0 ? null : (2 * yes) / (2 * yes + split),
    negative_agreement: no + split === 0 ? null : (2 * no) / (2 * no + split),
  };
}
