/**
 * The calls about one narrative. Each waits in line for a slot at a server, sends, reads the reply and saves what stands.
 * The slot is held until that is durable: a kill then costs no more calls than there are slots.
 */
import type { BatchReference } from '../experiment';
import { CallFault } from '../llm/call-fault';
import type { ChatReply, ChatRequest } from '../llm/chat-client';
import { dialectNamed } from '../llm/dialect';
import { judgeReply, promptCharsOf } from '../llm/judge-reply';
import { redact } from '../llm/redact';
import type { NarrativeToLabel } from '../store/passes';
import type { Outcome, ReplyFacts, ResultToSave } from '../store/results';
import { blockedBy, MODEL_CHANGED } from './blocked-by';
import type { ActivityDependencies } from './dependencies';
import type { ExperimentModel, ModelEndpoint } from './experiment-model';
import type { FlyingCall } from './endpoint';
import { leaveOut } from './leave-out';
import { ModelUnusable } from './model-unusable';
import { observeCall } from './observe-call';
import { parsedOutcome } from './parsed-outcome';

/** One narrative to label, and with what. */
export interface NarrativeTask {
  dependencies: ActivityDependencies;
  model: ExperimentModel;
  batch: BatchReference;
  narrative: NarrativeToLabel;
  /** Aborted = make no new call. */
  stop: AbortSignal;
  /** Called when a call about it has its slot. */
  onTurn: () => void;
}

/** Of an error message in the results file. */
const MAX_MESSAGE_LENGTH = 500;

/** The server went with the call, or is left out because of it: it counts for nothing. */
const NOT_NOW = Symbol('not now');

export class NarrativeCalls {
  /** Where the last call went; null = there was none yet. */
  endpoint: ModelEndpoint | null = null;
  private readonly request: ChatRequest;
  private readonly promptChars: number;
  private made = 0;
  /** Time spent waiting for the gate or a slot, which is nobody's fault. */
  private waitedMs = 0;
  private startedAt = new Date().toISOString();
  private responseMs = 0;
  /** The last reply that came whole, and what the parser made of it; null = the last call brought none. */
  private lastReply: { reply: ChatReply; outcome: Outcome } | null = null;

  constructor(
    private readonly task: NarrativeTask,
    /** Names the narrative to gate and fault history. */
    readonly key: string,
  ) {
    const { model, narrative } = task;
    const prompt = model.render(narrative.text);
    this.request = { model: model.frozen.modelName, ...prompt, parameters: model.parameters };
    this.promptChars = promptCharsOf([prompt.system, prompt.user]);
  }

  /** Milliseconds of a clock that stands still while a call waits for its turn. */
  activeMs(): number {
    return performance.now() - this.waitedMs;
  }

  /** Makes one call that counts; null = the narrative is settled. Throws CallFault, ModelUnusable, and the reason of `stop`. */
  async next(): Promise<ResultToSave | null> {
    const { model, batch, stop, onTurn } = this.task;
    for (;;) {
      if (model.unusable !== null) throw new ModelUnusable(model.unusable);
      const sinceMs = performance.now();
      const result = await model.line.run({ key: this.key, order: batch.batch, stop, onTurn }, (endpoint) => {
        this.waitedMs += performance.now() - sinceMs;
        return this.callInSlot(endpoint);
      });
      if (result !== NOT_NOW) return result;
    }
  }

  /** Asks the last server no more because of a fault; `false` = there is no other, so that the experiment has to pause. */
  leaveEndpointOut(fault: CallFault): boolean {
    const { dependencies, model } = this.task;
    const endpoint = this.endpoint!;
    if (leaveOut(dependencies.store, model, endpoint, blockedBy(fault, endpoint.origin))) return true;
    model.unusable ??= fault;
    return false;
  }

  /** The error row for a fault that ended the calls. */
  failedResult(fault: CallFault): ResultToSave {
    const { outcome, reply } = this.lastReply ?? { outcome: null, reply: null };
    const parsed = outcome?.kind === 'error' ? outcome : null;
    return this.resultOf(
      {
        kind: 'error',
        category: fault.category,
        code: fault.code,
        httpStatus: fault.httpStatus,
        message: this.messageOf(fault),
        reasoning: parsed?.reasoning ?? null,
        parserVersion: parsed?.parserVersion ?? null,
        ...(parsed?.hint === undefined ? {} : { hint: parsed.hint }),
      },
      reply,
    );
  }

  private async callInSlot(endpoint: ModelEndpoint): Promise<ResultToSave | null | typeof NOT_NOW> {
    const { dependencies, model, batch, narrative } = this.task;
    const isSettled = dependencies.store.results.isSettled(
      batch.experimentId,
      narrative.narrativeId,
      batch.pass,
    );
    if (isSettled || model.unusable !== null || endpoint.leftOutBecause !== null) {
      endpoint.shared.gate.forget(this.key);
      if (isSettled) return null;
      if (model.unusable !== null) throw new ModelUnusable(model.unusable);
      return NOT_NOW;
    }
    this.endpoint = endpoint;
    const reply = await this.sendInTime(endpoint);
    if (reply === NOT_NOW) return NOT_NOW;
    const outcome = parsedOutcome(reply, model.frozen.answer);
    this.lastReply = { reply, outcome };
    const changed = endpoint.faults.seeReply(this.key, reply);
    if (changed !== null) {
      const fault = anotherModel(changed);
      if (this.leaveEndpointOut(fault)) return NOT_NOW;
      throw fault;
    }
    const fault = this.faultOf(reply, outcome, endpoint);
    if (fault !== null) throw fault;
    const result = this.resultOf(outcome, reply);
    await dependencies.writer.save(result);
    return result;
  }

  /** Sends when the limits of a minute allow it; the server may have gone meanwhile. */
  private async sendInTime(endpoint: ModelEndpoint): Promise<ChatReply | typeof NOT_NOW> {
    const { rate, gate } = endpoint.shared;
    const { tokens } = this.task.model;
    const estimated = tokens.of(this.promptChars);
    const sinceMs = performance.now();
    await rate.waitTurn(estimated, this.task.stop);
    this.waitedMs += performance.now() - sinceMs;
    if (!gate.state.isOpen) {
      rate.giveBack(estimated);
      gate.forget(this.key);
      return NOT_NOW;
    }
    const reply = await this.send(endpoint);
    if (reply === NOT_NOW) return NOT_NOW;
    rate.settle(estimated, reply.totalTokens);
    tokens.learn(this.promptChars, reply.promptTokens, reply.completionTokens);
    return reply;
  }

  private async send({ client, shared, origin }: ModelEndpoint): Promise<ChatReply | typeof NOT_NOW> {
    this.made += 1;
    this.lastReply = null;
    this.startedAt = new Date().toISOString();
    const call: FlyingCall = { key: this.key, startedAtMs: performance.now() };
    try {
      const reply = await client.send(this.request, { timeoutMs: shared.deadline.currentMs });
      this.responseMs = performance.now() - call.startedAtMs;
      observeCall(this.task, { origin, tookMs: this.responseMs, fault: null });
      shared.noteReply(call, reply.completionTokens);
      return reply;
    } catch (error) {
      this.responseMs = performance.now() - call.startedAtMs;
      if (!(error instanceof CallFault)) throw error;
      observeCall(this.task, { origin, tookMs: this.responseMs, fault: error });
      // Before the slot is given on: the next narrative in line must not meet the same.
      const isLeftOut = error.kind === 'experiment' && this.leaveEndpointOut(error);
      const verdict = shared.noteFault(call, error);
      if (verdict === 'again' || isLeftOut) return NOT_NOW;
      throw verdict === 'condemned' ? condemned(error) : error;
    }
  }

  private faultOf(reply: ChatReply, outcome: Outcome, { contextWindow }: ModelEndpoint): CallFault | null {
    return judgeReply(reply, outcome, {
      promptChars: this.promptChars,
      contextWindow,
      cutsSilently: dialectNamed(this.request.parameters.dialect).cutsSilently,
    });
  }

  private messageOf(fault: CallFault): string {
    const { model, narrative } = this.task;
    if (fault.serverMessage === null) return fault.message;
    const said = redact(fault.serverMessage, {
      secrets: model.endpoints.flatMap(({ apiKey }) => (apiKey === null ? [] : [apiKey])),
      texts: [narrative.text, model.frozen.systemPrompt, model.frozen.userTemplate],
    });
    return `${fault.message}: ${said}`.slice(0, MAX_MESSAGE_LENGTH);
  }

  private resultOf(outcome: Outcome, reply: ChatReply | null): ResultToSave {
    const { batch, narrative } = this.task;
    return {
      experimentId: batch.experimentId,
      position: narrative.position,
      narrativeId: narrative.narrativeId,
      pass: batch.pass,
      startedAt: this.startedAt,
      responseMs: this.responseMs,
      calls: this.made,
      endpoint: this.endpoint!.origin,
      outcome,
      reply: reply === null ? null : factsOf(reply),
    };
  }
}

function factsOf(reply: ChatReply): ReplyFacts {
  const { content, refusal, model, responseId, finishReason } = reply;
  const { promptTokens, completionTokens, totalTokens } = reply;
  return {
    raw: content,
    refusal,
    model,
    responseId,
    finishReason,
    promptTokens,
    completionTokens,
    totalTokens,
  };
}

/** The fault of a narrative with which alone the server went down again and again. */
function condemned(fault: CallFault): CallFault {
  return new CallFault('the model server goes down with this narrative', {
    kind: 'narrative',
    category: fault.category === 'connection' ? 'http_5xx' : fault.category,
    httpStatus: fault.httpStatus,
    code: 'takes_server_down',
  });
}

/** A reply that is not saved: what answers now is not what the experiment began with. */
function anotherModel(reason: string): CallFault {
  return new CallFault(reason, { kind: 'experiment', category: 'api_error', code: MODEL_CHANGED });
}
