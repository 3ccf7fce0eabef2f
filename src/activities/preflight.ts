/**
 * Before the first narrative: can the model server do this experiment, and with which parameters? Asks about made-up
 * texts only. What it decides is kept in the experiment's row; a resume uses that, or is told why it cannot.
 */
import { Context } from '@temporalio/activity';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import type { CallFault } from '../llm/call-fault';
import type { PreflightReport } from '../preflight/check-model-server';
import { describeParameters } from '../preflight/check-reply';
import { checkEndpoint } from './check-endpoint';
import type { ActivityDependencies } from './dependencies';
import type { ModelEndpoint } from './experiment-model';
import { experimentBlocked } from './failure';
import { leaveOut } from './leave-out';

const HEARTBEAT_EVERY_MS = 1000;

/** `trouble` may pass by itself, so that coming again makes sense; `blocked` is for somebody to mend. */
export type PreflightOutcome =
  { kind: 'fit' } | { kind: 'trouble'; troubled: readonly Troubled[] } | { kind: 'blocked'; reason: string };

/** A server in trouble that may pass. */
interface Troubled {
  endpoint: ModelEndpoint;
  fault: CallFault;
}

/** A server and what its checks came to. */
interface Checked {
  endpoint: ModelEndpoint;
  report: PreflightReport;
}

type StoreAndModels = Pick<ActivityDependencies, 'store' | 'models'>;
type Needed = StoreAndModels & Pick<ActivityDependencies, 'stopping'>;

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

/** Servers that are absent, or in trouble that may pass, are waited for at their gates when no other is fit. */
async function untilFit(dependencies: Needed, experimentId: string, signal: AbortSignal): Promise<void> {
  const { models } = dependencies;
  models.beginAnew(experimentId);
  await models.whileWorking(models.of(experimentId), async () => {
    for (;;) {
      const outcome = await runPreflight(dependencies, experimentId, signal);
      if (outcome.kind === 'fit') return;
      if (outcome.kind === 'blocked') throw experimentBlocked(outcome.reason);
      await untilOneOpens(outcome.troubled, signal);
    }
  });
}

async function untilOneOpens(troubled: readonly Troubled[], signal: AbortSignal): Promise<void> {
  const opened = new AbortController();
  const waiting = troubled.map(({ endpoint, fault }) => {
    endpoint.shared.gate.closeBecauseOf(fault);
    return endpoint.shared.gate.untilOpen(AbortSignal.any([signal, opened.signal]));
  });
  try {
    await Promise.race(waiting);
  } finally {
    opened.abort();
    await Promise.allSettled(waiting);
  }
}

function isCancelled({ aborted, reason }: AbortSignal): boolean {
  return aborted && reason instanceof CancelledFailure && reason.message === 'CANCELLED';
}

/** Checks the servers and freezes what the calls are made with. Throws the signal's reason. */
export async function runPreflight(
  dependencies: StoreAndModels,
  experimentId: string,
  signal: AbortSignal,
): Promise<PreflightOutcome> {
  const { models } = dependencies;
  if (models.isProven(experimentId)) return { kind: 'fit' };
  const first = await decideParameters(dependencies, experimentId, signal);
  const isFit = (one: Checked): boolean => outcomeOf(one) === 'fit';
  if (!first.some(isFit)) return unfit(first);
  const rest = await checkOthers(dependencies, experimentId, { first, signal });
  const model = models.of(experimentId);
  for (const { endpoint, report } of [...first, ...rest]) {
    const reason = report.blockedBecause ?? report.trouble?.message;
    const current = model.endpoints.find(({ apiUrl }) => apiUrl === endpoint.apiUrl)!;
    if (reason !== undefined) leaveOut(dependencies.store, model, current, reason);
    else current.contextWindow = report.parameters?.contextWindow ?? null;
  }
  models.setProven(experimentId);
  return { kind: 'fit' };
}

/** Asks server after server until one is fit, and keeps what that one decides; gives all that were asked. */
async function decideParameters(
  { store, models }: StoreAndModels,
  experimentId: string,
  signal: AbortSignal,
): Promise<Checked[]> {
  const model = models.of(experimentId);
  const asked: Checked[] = [];
  for (const endpoint of model.endpoints) {
    const checked = { endpoint, report: await checkEndpoint(store, model, endpoint, signal) };
    asked.push(checked);
    if (outcomeOf(checked) !== 'fit') continue;
    keep({ store, models }, experimentId, checked.report);
    break;
  }
  return asked;
}

/** Checks the servers that were not asked yet, now with the parameters that are frozen. */
async function checkOthers(
  { store, models }: StoreAndModels,
  experimentId: string,
  { first, signal }: { first: readonly Checked[]; signal: AbortSignal },
): Promise<Checked[]> {
  const model = models.of(experimentId);
  const others = model.endpoints.filter(
    ({ apiUrl }) => !first.some(({ endpoint }) => endpoint.apiUrl === apiUrl),
  );
  return await Promise.all(
    others.map(async (endpoint) => ({
      endpoint,
      report: await checkEndpoint(store, model, endpoint, signal),
    })),
  );
}

function outcomeOf({ report }: Checked): 'fit' | 'trouble' | 'blocked' {
  if (report.trouble !== null) return 'trouble';
  return report.blockedBecause === null ? 'fit' : 'blocked';
}

function unfit(checked: readonly Checked[]): PreflightOutcome {
  const troubled = checked.flatMap(({ endpoint, report: { trouble: fault } }) =>
    fault === null ? [] : [{ endpoint, fault }],
  );
  if (troubled.length > 0) return { kind: 'trouble', troubled };
  return { kind: 'blocked', reason: checked[0]!.report.blockedBecause! };
}

function keep(
  { store, models }: StoreAndModels,
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
