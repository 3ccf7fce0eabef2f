/** One question about a made-up text, asked as every narrative will be. */
import { setTimeout as sleep } from 'node:timers/promises';
import { CallFault } from '../llm/call-fault';
import { callWithRetries } from '../llm/call-with-retries';
import type { ChatReply } from '../llm/chat-client';
import type { EffectiveParameters } from '../llm/effective-parameters';
import { promptCharsOf } from '../llm/judge-reply';
import { judgeRetry } from '../llm/judge-retry';
import { syntheticNarrative } from '../llm/synthetic-narrative';
import type { PreflightSubject } from './preflight-subject';

/** A reply, or the fault that ended the tries; how long the last call took and how many there were. */
export interface SyntheticCall {
  reply: ChatReply | null;
  /** null = there is a reply. */
  fault: CallFault | null;
  elapsedMs: number;
  calls: number;
  /** Characters of the prompt that was sent. */
  promptChars: number;
}

/** Tries on transient faults; longer troubles are for whoever can wait. */
const MAX_TRIES = 3;
/** The first call may have to wait until the model is loaded, whatever later calls are given. */
export const LEAST_FIRST_CALL_MS = 5 * 60_000;

/** Asks about the synthetic narrative, made as long as `chars` says. Throws the signal's reason. */
export async function askSynthetic(
  subject: PreflightSubject,
  parameters: EffectiveParameters,
  { chars = 0, maxTokens = parameters.maxTokens } = {},
): Promise<SyntheticCall> {
  const prompt = subject.render(syntheticNarrative(chars));
  const request = { model: subject.asked.modelName, ...prompt, parameters: { ...parameters, maxTokens } };
  const timeoutMs = Math.max(subject.timeoutMs, LEAST_FIRST_CALL_MS);
  const call: SyntheticCall = {
    reply: null,
    fault: null,
    elapsedMs: 0,
    calls: 0,
    promptChars: promptCharsOf([prompt.system, prompt.user]),
  };
  const attempt = async (): Promise<ChatReply> => {
    const startedMs = performance.now();
    call.calls += 1;
    try {
      return await subject.client.send(request, { timeoutMs });
    } finally {
      call.elapsedMs = performance.now() - startedMs;
    }
  };
  try {
    const { value } = await callWithRetries(attempt, {
      maxAttempts: MAX_TRIES,
      baseMs: subject.retryBaseMs ?? 1000,
      capMs: 5000,
      maxWaitMs: 10_000,
      random: Math.random,
      sleep: (ms, signal) => sleep(ms, undefined, { signal }),
      signal: subject.signal,
      // What takes minutes is waited for by the caller, who can tell people so.
      judge: (fault, tries, bounds) =>
        fault.rule.waitUncountedMs === undefined && fault.category !== 'timeout'
          ? judgeRetry(fault, tries, bounds)
          : { next: 'end', ending: 'wait', pauseReason: null },
    });
    return { ...call, reply: value };
  } catch (error) {
    if (error instanceof CallFault) return { ...call, fault: error };
    throw error;
  }
}
