/**
 * Before the first narrative: can the model server do this experiment, and with which parameters? Asks about made-up
 * texts only. What it decides is kept in the experiment's row; a resume uses that, or is told why it cannot.
 */
import { Context } from '@temporalio/activity';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { completeSettings } from '../answer/answer-settings';
import { parseAnswer } from '../answer/parse-answer';
import { askedParameters } from '../llm/asked-parameters';
import type { CallFault } from '../llm/call-fault';
import { checkModelServer, type PreflightReport } from '../preflight/check-model-server';
import { describeParameters } from '../preflight/check-reply';
import type { PreflightSubject } from '../preflight/preflight-subject';
import type { ActivityDependencies } from './dependencies';
import { experimentBlocked } from './failure';

const HEARTBEAT_EVERY_MS = 1000;

/** `trouble` may pass by itself, so that coming again makes sense; `blocked` is for somebody to mend. */
export type PreflightOutcome =
  { kind: 'fit' } | { kind: 'trouble'; fault: CallFault } | { kind: 'blocked'; reason: string };

type Needed = Pick<ActivityDependencies, 'store' | 'models' | 'stopping'>;

/** Throws the failure that pauses the experiment when no call could succeed. */
export async function preflight(dependencies: Needed, experimentId: string): Promise<void> {
  const context = Context.current();
  const signal = AbortSignal.any([context.cancellationSignal, dependencies.stopping]);
  const heartbeats = setInterval(() => context.heartbeat(), HEARTBEAT_EVERY_MS);
  try {
    await untilFit(dependencies, experimentId, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
    // Cancelled by its workflow, which goes no further; anything else is this process ending, and another one begins anew.
    if (!dependencies.stopping.aborted && isCancelled(context.cancellationSignal)) return;
    throw ApplicationFailure.retryable('stopped before the model server was checked', 'Stopped');
  } finally {
    clearInterval(heartbeats);
  }
}

/** A server that is absent, or in trouble that may pass, is waited for at its gate. */
async function untilFit(dependencies: Needed, experimentId: string, signal: AbortSignal): Promise<void> {
  dependencies.models.beginAnew(experimentId);
  const { shared } = dependencies.models.of(experimentId);
  const key = `${experimentId}/preflight`;
  await shared.whileWorking(experimentId, async () => {
    for (;;) {
      const outcome = await runPreflight(dependencies, experimentId, signal);
      if (outcome.kind === 'fit') return;
      if (outcome.kind === 'blocked') throw experimentBlocked(outcome.reason);
      shared.gate.closeBecauseOf(outcome.fault);
      await shared.gate.waitFor(key, signal).finally(() => shared.gate.forget(key));
    }
  });
}

function isCancelled({ aborted, reason }: AbortSignal): boolean {
  return aborted && reason instanceof CancelledFailure && reason.message === 'CANCELLED';
}

/** Checks the server and freezes what the calls are made with. Throws the signal's reason. */
export async function runPreflight(
  { store, models }: Pick<ActivityDependencies, 'store' | 'models'>,
  experimentId: string,
  signal: AbortSignal,
): Promise<PreflightOutcome> {
  if (models.isProven(experimentId)) return { kind: 'fit' };
  const report = await checkModelServer(subjectOf({ store, models }, experimentId, signal));
  if (report.trouble !== null) return { kind: 'trouble', fault: report.trouble };
  if (report.blockedBecause !== null) return { kind: 'blocked', reason: report.blockedBecause };
  keep({ store, models }, experimentId, report);
  models.setProven(experimentId);
  return { kind: 'fit' };
}

function subjectOf(
  { store, models }: Pick<ActivityDependencies, 'store' | 'models'>,
  experimentId: string,
  signal: AbortSignal,
): PreflightSubject {
  const model = models.of(experimentId);
  const { frozen, endpoint } = model;
  return {
    client: model.client,
    apiUrl: endpoint.apiUrl,
    provider: frozen.provider,
    apiKeyEnv: endpoint.apiKeyEnv,
    hasKey: model.apiKey !== null,
    asked: askedParameters(frozen),
    frozen: model.isDecided ? model.parameters : null,
    render: model.render,
    read: (reply) => parseAnswer(reply, completeSettings(frozen.answer)),
    longestChars: store.experiments.longestNarrativeChars(experimentId),
    nNarratives: store.passes.countToAsk(experimentId),
    concurrency: endpoint.concurrency,
    timeoutMs: endpoint.timeoutMs,
    resultsFile: store.file,
    signal,
  };
}

function keep(
  { store, models }: Pick<ActivityDependencies, 'store' | 'models'>,
  experimentId: string,
  { checks, parameters }: PreflightReport,
): void {
  const { isDecided } = models.of(experimentId);
  store.inTransaction(() => {
    if (!isDecided && parameters !== null) {
      store.experiments.setEffectiveParameters(experimentId, parameters);
      const detail = `${parameters.dialect}: ${describeParameters(parameters)}`;
      store.events.add(experimentId, 'parameters_decided', detail);
      for (const adjustment of parameters.adjustments) {
        store.events.add(experimentId, 'parameters_adjusted', adjustment);
      }
    }
    for (const { name, outcome, detail, remedy } of checks) {
      if (outcome === 'ok') continue;
      store.events.add(experimentId, 'preflight_warning', `${name}: ${detail}. To do: ${remedy}`);
    }
  });
}
