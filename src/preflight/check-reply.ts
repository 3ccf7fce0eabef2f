/** The checks that the synthetic answer allows. */
import type { ServerFacts } from '../llm/detect-server';
import { dialectNamed } from '../llm/dialect';
import type { EffectiveParameters } from '../llm/effective-parameters';
import { judgeReply } from '../llm/judge-reply';
import type { SyntheticCall } from './ask-synthetic';
import { fail, ok, warn, type Check } from './check';
import type { PreflightSubject } from './preflight-subject';

/** The key is accepted where the synthetic question was answered. */
export function checkKey({ apiKeyEnv }: PreflightSubject): Check {
  return ok(
    'key',
    apiKeyEnv === null ? 'none is sent, none is asked for' : `the one in ${apiKeyEnv} is accepted`,
  );
}

/** A list without the model proves little, since the model answered; one that cannot be read proves nothing. */
export function checkModel({ asked }: PreflightSubject, server: ServerFacts | null): Check {
  const { modelName } = asked;
  if (server === null) return ok('model', `${modelName} answers`);
  if (server.models === null) return ok('model', `${modelName} answers; the server shows no list of models`);
  const isListed = server.models.some(({ id }) => id === modelName || id === `${modelName}:latest`);
  if (isListed) return ok('model', `${modelName} is listed and answers`);
  const names = server.models.slice(0, 5).map(({ id }) => id.slice(0, 80).replace(/[^\w./:@+ -]/g, '?'));
  const detail = `${modelName} is not listed, but something answers by that name; listed: ${names.join(', ') || 'none'}`;
  return warn('model', detail, 'make sure that model.name is the model you mean');
}

/** What the calls are made with. */
export function checkParameters(parameters: EffectiveParameters, server: ServerFacts | null): Check {
  const { title } = dialectNamed(parameters.dialect);
  const detail = `${title}: ${describeParameters(parameters)}`;
  const { adjustments } = parameters;
  const other = server?.own ?? null;
  if (other !== null && other.name !== parameters.dialect) {
    const remedy = `if it is ${other.title}, set model.provider: ${other.name}`;
    return warn('parameters', `${detail}; the server says it is ${other.title}`, remedy);
  }
  if (adjustments.length === 0) return ok('parameters', detail);
  return warn('parameters', `${detail}; ${adjustments.join('; ')}`, 'see that this is what the study means');
}

/** The parameters in one line. */
export function describeParameters(parameters: EffectiveParameters): string {
  const { temperature, seed, jsonMode, tokenCapField, maxTokens } = parameters;
  return [
    temperature === null ? null : `temperature ${temperature}`,
    `${tokenCapField} ${maxTokens}`,
    jsonMode === 'none' ? 'no JSON mode' : `response_format ${jsonMode}`,
    seed === null ? null : `seed ${seed}`,
  ]
    .filter((part) => part !== null)
    .join(', ');
}

/** Whether the parser finds an answer in the reply. */
export function checkAnswer(
  subject: PreflightSubject,
  parameters: EffectiveParameters,
  call: SyntheticCall,
): Check {
  const reply = call.reply!;
  const read = subject.read(reply);
  const { cutsSilently } = dialectNamed(parameters.dialect);
  const facts = { promptChars: call.promptChars, contextWindow: parameters.contextWindow, cutsSilently };
  const fault = judgeReply(reply, read, facts);
  if (fault === null && read.kind === 'answer')
    return ok('answer', 'a synthetic narrative was answered and read');
  const why = fault?.message ?? (read.kind === 'error' ? read.message : '');
  const category = fault?.category ?? (read.kind === 'error' ? read.category : 'parse');
  const detail = `the reply about a synthetic narrative is no answer (${category}): ${why}`;
  return fail(
    'answer',
    detail,
    REMEDIES[category] ?? 'let the prompt ask for one JSON object with "detected"',
  );
}

const REMEDIES: Readonly<Partial<Record<string, string>>> = {
  truncated: 'raise model.max_tokens',
  context_overflow: 'give the server a larger context window',
  content_filter: 'ask for a content filter that fits the texts',
  refusal: 'let the prompt say what the answers are for, or ask another model',
  empty_content: 'set model.response_format: none, or raise model.max_tokens',
};

/** How long the whole job takes at the pace of one call. */
export function checkTime(subject: PreflightSubject, { elapsedMs }: SyntheticCall): Check {
  const { nNarratives, concurrency, timeoutMs } = subject;
  const atOnce = concurrency === 'auto' ? 1 : concurrency;
  const jobMs = (elapsedMs * nNarratives) / atOnce;
  const pace = `${(elapsedMs / 1000).toFixed(1)} s for one answer, the loading of the model included if it was not loaded`;
  const detail = `${pace}; at that pace ${describeSpan(jobMs)} for ${nNarratives} narratives, ${atOnce} at a time${concurrency === 'auto' ? ' and less with more' : ''}`;
  if (elapsedMs <= timeoutMs / 2) return ok('time', detail);
  return warn('time', detail, `raise model.timeout_sec, which is ${timeoutMs / 1000}`);
}

function describeSpan(ms: number): string {
  const hours = ms / 3_600_000;
  if (hours >= 48) return `${(hours / 24).toFixed(1)} days`;
  if (hours >= 1) return `${hours.toFixed(1)} hours`;
  return ms >= 60_000 ? `${(ms / 60_000).toFixed(0)} minutes` : `${(ms / 1000).toFixed(0)} seconds`;
}
