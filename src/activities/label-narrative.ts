/**
 * One try at one narrative: a slot of the limiter, the call with its retries, the reading of the reply, the durable
 * save. What the model or the server got wrong becomes an error row; what blocks every narrative is thrown.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { BatchReference } from '../experiment';
import { CallFault } from '../llm/call-fault';
import { callWithRetries } from '../llm/call-with-retries';
import type { ChatReply, ChatRequest } from '../llm/chat-client';
import { redact } from '../llm/redact';
import type { NarrativeToLabel } from '../store/passes';
import type { Outcome, ReplyFacts, ResultToSave } from '../store/results';
import type { ActivityDependencies } from './dependencies';
import type { ExperimentModel } from './model-access';
import { parsedOutcome } from './parsed-outcome';

/** What became of a narrative; `left` = it has no result from this try, because it was told to stop or is settled. */
export type NarrativeOutcome = 'answered' | 'error' | 'left';

/** Thrown when no narrative of the experiment can be asked; no row was written. */
export class ModelUnusable extends Error {
  constructor(readonly fault: CallFault) {
    super(fault.message);
    this.name = 'ModelUnusable';
  }
}

/** Of an error message in the results file. */
const MAX_MESSAGE_LENGTH = 500;

interface Call {
  reply: ChatReply | null;
  startedAt: string;
  responseMs: number;
}

/** Asks about one narrative and saves the result. Throws ModelUnusable, and what the store throws. */
export async function labelNarrative(
  dependencies: ActivityDependencies,
  model: ExperimentModel,
  batch: BatchReference,
  narrative: NarrativeToLabel,
  stop: AbortSignal,
): Promise<NarrativeOutcome> {
  const key = `${batch.experimentId}/${narrative.narrativeId}`;
  if (dependencies.inFlight.has(key)) return 'left';
  dependencies.inFlight.add(key);
  try {
    const result = await ask(dependencies, model, batch, narrative, stop);
    if (result === null) return 'left';
    if (result.outcome.kind === 'error' && result.reply === null) await dependencies.writer.save(result);
    return result.outcome.kind === 'answer' ? 'answered' : 'error';
  } finally {
    dependencies.inFlight.delete(key);
  }
}

/** null = told to stop before an answer, or settled meanwhile. */
async function ask(
  { store, writer }: ActivityDependencies,
  model: ExperimentModel,
  batch: BatchReference,
  narrative: NarrativeToLabel,
  stop: AbortSignal,
): Promise<ResultToSave | null> {
  const { experimentId, pass } = batch;
  const last: Call = { reply: null, startedAt: new Date().toISOString(), responseMs: 0 };
  const common = { experimentId, position: narrative.position, narrativeId: narrative.narrativeId, pass };
  let calls = 0;
  const callOnce = (): Promise<ResultToSave | null> =>
    model.limiter.run(
      batch.batch,
      async () => {
        if (store.results.isSettled(experimentId, narrative.narrativeId, pass)) return null;
        calls += 1;
        const reply = await timed(last, () => model.client.send(requestFor(model, narrative.text)));
        const answered = { outcome: parsedOutcome(reply, model.frozen.answer), reply: factsOf(reply) };
        const result = { ...common, ...timesOf(last), calls, endpoint: model.origin, ...answered };
        // The slot is held until the answer is durable: a kill then costs no more calls than there are slots.
        await writer.save(result);
        return result;
      },
      stop,
    );
  try {
    const { value: result } = await callWithRetries(callOnce, {
      maxAttempts: 4,
      baseMs: 1000,
      capMs: 30_000,
      random: Math.random,
      sleep: (ms, signal) => sleep(ms, undefined, { signal }),
      signal: stop,
    });
    return result;
  } catch (error) {
    if (!(error instanceof CallFault)) {
      if (stop.aborted) return null;
      throw error;
    }
    if (error.kind === 'experiment' || error.cannotConnect) throw new ModelUnusable(error);
    const outcome = faultOutcome(error, model, narrative.text);
    return { ...common, ...timesOf(last), calls: error.calls, endpoint: model.origin, outcome, reply: null };
  }
}

function requestFor(model: ExperimentModel, text: string): ChatRequest {
  return { model: model.frozen.modelName, ...model.render(text), parameters: model.parameters };
}

async function timed<T>(call: Call, work: () => Promise<T>): Promise<T> {
  call.startedAt = new Date().toISOString();
  const startedMs = performance.now();
  try {
    return await work();
  } finally {
    call.responseMs = performance.now() - startedMs;
  }
}

function timesOf({ startedAt, responseMs }: Call) {
  return { startedAt, responseMs };
}

function factsOf(reply: ChatReply): ReplyFacts {
  const { content, refusal, model, responseId, finishReason } = reply;
  const { promptTokens, completionTokens, totalTokens } = reply;
  const said = { raw: content, refusal, model, responseId, finishReason };
  return { ...said, promptTokens, completionTokens, totalTokens };
}

function faultOutcome(fault: CallFault, model: ExperimentModel, text: string): Outcome {
  const said =
    fault.serverMessage === null
      ? ''
      : `: ${redact(fault.serverMessage, {
          secrets: model.apiKey === null ? [] : [model.apiKey],
          texts: [text, model.frozen.systemPrompt, model.frozen.userTemplate],
        })}`;
  return {
    kind: 'error',
    category: fault.category,
    code: fault.code,
    httpStatus: fault.httpStatus,
    message: `${fault.message}${said}`.slice(0, MAX_MESSAGE_LENGTH),
    reasoning: null,
    parserVersion: null,
  };
}
