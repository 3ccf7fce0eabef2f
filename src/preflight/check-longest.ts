/**
 * Does the longest narrative fit? Told by the window that the server states and the tokens that the synthetic prompt
 * took; where it states none, a filler of the same length is sent. No real text leaves for this.
 */
import { dialectNamed } from '../llm/dialect';
import type { EffectiveParameters } from '../llm/effective-parameters';
import { isPromptCut, promptCharsOf } from '../llm/judge-reply';
import { SYNTHETIC_NARRATIVE } from '../llm/synthetic-narrative';
import { askSynthetic, type SyntheticCall } from './ask-synthetic';
import { fail, ok, warn, type Check } from './check';
import type { PreflightSubject } from './preflight-subject';

const NAME = 'longest narrative';
/** Where the server does not count tokens: a cautious guess for European languages. */
const TOKENS_PER_CHAR = 1 / 3;
/** Real texts take more tokens than a plain filler: names, dates, abbreviations. */
const ALLOWANCE = 1.25;

/** The check, and how many synthetic calls it took. */
export interface LongestCheck {
  check: Check;
  calls: number;
}

/** Checks it, after `answered` has shown that the server answers. */
export async function checkLongest(
  subject: PreflightSubject,
  parameters: EffectiveParameters,
  answered: SyntheticCall,
): Promise<LongestCheck> {
  const { longestChars } = subject;
  const size = `${longestChars} characters`;
  const { contextWindow, maxTokens } = parameters;
  if (contextWindow !== null) {
    const promptTokens = estimateTokens(subject, answered);
    return { check: judgeByWindow({ size, promptTokens, contextWindow, maxTokens, parameters }), calls: 0 };
  }
  if (longestChars <= SYNTHETIC_NARRATIVE.length) {
    return { check: ok(NAME, `${size}: not longer than the synthetic one`), calls: 0 };
  }
  const call = await askSynthetic(subject, parameters, { chars: longestChars, maxTokens: 1 });
  return { check: judgeByFiller(size, call, parameters), calls: call.calls };
}

function estimateTokens(subject: PreflightSubject, { reply, promptChars }: SyntheticCall): number {
  const { system, user } = subject.render('');
  const chars = promptCharsOf([system, user]) + subject.longestChars;
  const counted = reply?.promptTokens ?? 0;
  const tokensPerChar = counted === 0 ? TOKENS_PER_CHAR : counted / promptChars;
  return Math.ceil(chars * tokensPerChar * ALLOWANCE);
}

interface Sizes {
  size: string;
  promptTokens: number;
  contextWindow: number;
  maxTokens: number;
  parameters: EffectiveParameters;
}

function judgeByWindow({ size, promptTokens, contextWindow, maxTokens, parameters }: Sizes): Check {
  const found = `${size}, about ${promptTokens} tokens with the prompt; the window has ${contextWindow}`;
  if (promptTokens >= contextWindow) return tooLong(found, parameters);
  if (promptTokens + maxTokens <= contextWindow) return ok(NAME, found);
  const detail = `${found}, which leaves the reply less than model.max_tokens (${maxTokens})`;
  return warn(NAME, detail, 'lower model.max_tokens, or give the server a larger context window');
}

/** A server that says so costs error rows; one that cuts the prompt would cost right answers. */
function tooLong(found: string, { dialect }: EffectiveParameters): Check {
  const remedy = 'give the server a larger context window';
  const { title, cutsSilently } = dialectNamed(dialect);
  if (cutsSilently) return fail(NAME, `${found}: ${title} would cut the prompt without a word`, remedy);
  return warn(NAME, `${found}: such narratives will end as errors (context_overflow)`, remedy);
}

function judgeByFiller(
  size: string,
  { reply, fault, promptChars }: SyntheticCall,
  parameters: EffectiveParameters,
): Check {
  if (fault !== null) {
    if (fault.category === 'context_overflow')
      return tooLong(`${size}: more than the server takes`, parameters);
    const detail = `${size}: a filler of that length was not answered (${fault.message})`;
    return warn(NAME, detail, 'see whether long narratives end as errors');
  }
  const { cutsSilently } = dialectNamed(parameters.dialect);
  if (reply !== null && isPromptCut(reply, { promptChars, contextWindow: null, cutsSilently })) {
    const detail = `${size}: the server read ${reply.promptTokens} tokens of a filler of that length, so it cuts prompts`;
    return fail(NAME, detail, 'give the server a larger context window');
  }
  if (!reply?.promptTokens) {
    const detail = `${size}: answered, but the server does not count tokens, so a cut would not be seen`;
    return warn(NAME, detail, 'make sure that its context window has room for the longest text');
  }
  return ok(NAME, `${size}: a filler of that length took ${reply.promptTokens} tokens`);
}
