/** Finds the parameters that the server takes: the asked ones, or those less what it refuses. */
import { adjustParameters, withoutJsonMode, type EffectiveParameters } from '../llm/effective-parameters';
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
    if (adjusted === null) return await withReadableAnswer(subject, { parameters, call, calls });
    parameters = adjusted;
  }
}

/** A JSON mode that we chose and that brings nothing readable is given up where the answer can be read without it. */
async function withReadableAnswer(
  subject: PreflightSubject,
  tried: TriedParameters,
): Promise<TriedParameters> {
  const { parameters, call } = tried;
  const isOurChoice = subject.frozen === null && subject.asked.responseFormat === 'auto';
  const isReadable = (reply: SyntheticCall['reply']): boolean =>
    reply !== null && subject.read(reply).kind === 'answer';
  if (!isOurChoice || parameters.jsonMode === 'none' || call.reply === null || isReadable(call.reply)) {
    return tried;
  }
  const plain = withoutJsonMode(parameters);
  const second = await askSynthetic(subject, plain);
  const calls = tried.calls + second.calls;
  return isReadable(second.reply) ? { parameters: plain, call: second, calls } : { ...tried, calls };
}
