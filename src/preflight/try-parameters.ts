/** Finds the parameters that the server takes: the asked ones, or those less what it refuses. */
import { adjustParameters, type EffectiveParameters } from '../llm/effective-parameters';
import { askSynthetic, type SyntheticCall } from './ask-synthetic';
import type { PreflightSubject } from './preflight-subject';

/** The last synthetic call and the parameters that it was made with. */
export interface TriedParameters {
  parameters: EffectiveParameters;
  call: SyntheticCall;
  /** Synthetic calls in all. */
  calls: number;
}

/** More refusals than there are parameters to refuse. */
const MAX_ADJUSTMENTS = 5;

/** Asks until nothing is refused or nothing is left to give up. Frozen parameters are never adjusted. */
export async function tryParameters(
  subject: PreflightSubject,
  starting: EffectiveParameters,
): Promise<TriedParameters> {
  let parameters = starting;
  let calls = 0;
  for (let adjustments = 0; ; adjustments += 1) {
    const call = await askSynthetic(subject, parameters);
    calls += call.calls;
    const refused = call.fault?.parameter ?? null;
    const mayAdjust = subject.frozen === null && adjustments < MAX_ADJUSTMENTS;
    const adjusted =
      refused !== null && mayAdjust
        ? adjustParameters(parameters, refused, subject.asked.responseFormat === 'auto')
        : null;
    if (adjusted === null) return { parameters, call, calls };
    parameters = adjusted;
  }
}
