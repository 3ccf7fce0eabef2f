/**
 * All checks of a model server before the first narrative, shared by the preflight of an experiment and `client
 * doctor`. Calls of chat completions: one synthetic one, one more for each parameter that is refused or JSON mode
 * that brings nothing readable, one more with a filler where the server does not state its window; with frozen parameters at their endpoint exactly one. Transient
 * faults are tried three times. Besides them at most seven queries that ask the server about itself.
 */
import { CallFault } from '../llm/call-fault';
import { detectServer, type ServerFacts } from '../llm/detect-server';
import {
  incompatibleWith,
  startingParameters,
  unusableFormat,
  type EffectiveParameters,
} from '../llm/effective-parameters';
import { readContextWindow } from '../llm/read-context-window';
import { measureCommitMs } from '../store/commit-time';
import { fail, ok, warn, type Check } from './check';
import { checkAnswer, checkKey, checkModel, checkParameters, checkTime } from './check-reply';
import { checkLongest } from './check-longest';
import { describeFault } from './describe-fault';
import type { PreflightSubject } from './preflight-subject';
import { tryParameters, type TriedParameters } from './try-parameters';
import { untilAborted } from './until-aborted';

/** What the checks came to. */
export interface PreflightReport {
  checks: readonly Check[];
  /** What the calls are to be made with; null = the server did not answer. */
  parameters: EffectiveParameters | null;
  /** As which model the server answered; null = it did not answer, or named none. */
  repliedModel: string | null;
  /** A fault that may pass by itself: come again. null = there was none. */
  trouble: CallFault | null;
  /** Why no narrative can be asked, and what to do; null = they can. */
  blockedBecause: string | null;
  /** Chat completions that were asked, all of them synthetic. */
  syntheticCalls: number;
}

const NO_ANSWER = { parameters: null, repliedModel: null };

/** Slower disks than this hold up many calls at once. */
const SLOW_COMMIT_MS = 20;

/** Runs all checks that the earlier ones leave a point in. Throws the signal's reason as soon as it aborts. */
export async function checkModelServer(subject: PreflightSubject): Promise<PreflightReport> {
  return await untilAborted(() => runChecks(subject), subject.signal);
}

async function runChecks(subject: PreflightSubject): Promise<PreflightReport> {
  const disk = checkDisk(subject.resultsFile);
  const { client, apiUrl, apiKeyEnv, hasKey, frozen, signal } = subject;
  const { origin } = new URL(apiUrl);
  if (apiKeyEnv !== null && !hasKey) {
    const detail = `the environment variable ${apiKeyEnv} (model.api_key_env) is not set`;
    return blocked([fail('key', detail, "set it to the server's key"), disk], 0);
  }
  try {
    await client.checkReachable(signal);
  } catch (error) {
    if (error instanceof CallFault) return faulty([], error, { origin, disk, calls: 0 });
    throw error;
  }
  const reachable = ok('reachable', origin);
  const isProvenEndpoint = frozen?.decidedAt === apiUrl;
  const server = isProvenEndpoint ? null : await detectServer(client, subject);
  signal.throwIfAborted();
  const mismatch = server === null ? null : findMismatch(subject, server);
  if (mismatch !== null) return blocked([reachable, mismatch, disk], 0);
  const starting = frozen ?? startingParameters(server!.dialect, subject.asked, apiUrl);
  const tried = await tryParameters(subject, starting);
  const before = [reachable];
  if (tried.call.fault !== null) {
    return faulty(before, tried.call.fault, { origin, disk, calls: tried.calls });
  }
  return await reportAnswered(subject, { server, tried, before, disk });
}

interface Answered {
  /** null = it was asked about itself before. */
  server: ServerFacts | null;
  tried: TriedParameters;
  before: readonly Check[];
  disk: Check;
}

async function reportAnswered(
  subject: PreflightSubject,
  { server, tried, before, disk }: Answered,
): Promise<PreflightReport> {
  const { call } = tried;
  const parameters = server === null ? tried.parameters : await completed(subject, server, tried);
  const checks = [
    ...before,
    checkKey(subject),
    checkModel(subject, server),
    checkParameters(parameters, server),
    checkAnswer(subject, parameters, call),
  ];
  let { calls } = tried;
  if (server !== null) {
    const longest = await checkLongest(subject, parameters, call);
    checks.push(longest.check);
    calls += longest.calls;
  }
  checks.push(checkTime(subject, call), disk);
  const cut = checks.find(({ name, outcome }) => name === 'longest narrative' && outcome === 'fail');
  return {
    checks,
    parameters,
    repliedModel: call.reply?.model ?? null,
    trouble: null,
    blockedBecause: cut === undefined ? null : reasonOf(cut),
    syntheticCalls: calls,
  };
}

/** The parameters with what only an answer shows. Frozen ones stay, but the window is that of the endpoint. */
async function completed(
  subject: PreflightSubject,
  { dialect, models }: ServerFacts,
  { parameters, call }: TriedParameters,
): Promise<EffectiveParameters> {
  const { apiUrl, asked } = subject;
  const question = { dialect, apiUrl, modelName: asked.modelName, models };
  const contextWindow = await readContextWindow(subject.client, question);
  return subject.frozen === null
    ? { ...parameters, contextWindow, repliedModel: call.reply?.model ?? null }
    : { ...parameters, contextWindow };
}

/** What the config or the frozen parameters ask of this server that it cannot give; null = nothing. */
function findMismatch(
  { asked, frozen, concurrency }: PreflightSubject,
  { dialect, own }: ServerFacts,
): Check | null {
  const reason =
    frozen === null
      ? unusableFormat(dialect, asked.responseFormat)
      : incompatibleWith(own ?? dialect, frozen);
  if (reason !== null) {
    const remedy =
      frozen === null ? 'mend the config' : 'go on at the server of before, or begin anew with --new';
    return fail('parameters', reason, remedy);
  }
  if (dialect.seed !== 'serial' || asked.seed === null || concurrency === 1) return null;
  const detail = `${dialect.title} serves calls with a seed one at a time, and run.concurrency is ${concurrency}`;
  return fail('parameters', detail, 'leave out model.send_seed, or set run.concurrency: 1');
}

function checkDisk(resultsFile: string): Check {
  try {
    const ms = measureCommitMs(resultsFile);
    const detail = `${ms.toFixed(1)} ms for a durable commit beside ${resultsFile}`;
    if (ms <= SLOW_COMMIT_MS) return ok('disk', detail);
    return warn('disk', detail, 'put the results file on a faster local disk');
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    const detail = `nothing can be written beside ${resultsFile} (${typeof code === 'string' ? code : 'unknown error'})`;
    return fail(
      'disk',
      detail,
      "check the disk's free space and permissions, or name another file with --db",
    );
  }
}

function faulty(
  before: readonly Check[],
  fault: CallFault,
  { origin, disk, calls }: { origin: string; disk: Check; calls: number },
): PreflightReport {
  const { check, detail, remedy } = describeFault(fault, origin);
  const checks = [...before.filter(({ name }) => name !== check), fail(check, detail, remedy), disk];
  if (isForAll(fault)) return blocked(checks, calls);
  return { ...NO_ANSWER, checks, trouble: fault, blockedBecause: null, syntheticCalls: calls };
}

/** Whether every narrative would fare like the synthetic one; what may pass by itself is not meant. */
function isForAll({ kind, rule }: CallFault): boolean {
  if (kind !== 'transient' || rule.maxRetries !== undefined) return true;
  return rule.pauseAtPreflight === true || rule.thenPause === true;
}

function blocked(checks: readonly Check[], syntheticCalls: number): PreflightReport {
  const failed = checks.find(({ outcome }) => outcome === 'fail')!;
  return { ...NO_ANSWER, checks, trouble: null, blockedBecause: reasonOf(failed), syntheticCalls };
}

function reasonOf({ detail, remedy }: Check): string {
  return remedy === null ? detail : `${detail}: ${remedy}`;
}
