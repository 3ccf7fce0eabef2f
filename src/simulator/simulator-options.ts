/** From the options of the command line to those of the server. */
import { InvalidArgumentError } from 'commander';
import type { DialectName } from './dialects';
import { FAULT_TIMES, type FaultTimes } from './faults/fault-times';
import type { LatencyDistribution } from './latency';
import type { LoadCurve } from './load-curve';
import type { ModelServerOptions } from './model-server';
import { notNegative } from './number-option';
import type { Refusal } from './simulation';

const DEFAULT_LATENCY_MS = 300;
const DEFAULT_SIGMA = 0.8;
const DEFAULT_STRAGGLER_MS = 60_000;

/** What commander reads. */
export interface ParsedOptions {
  port: number;
  seed: number;
  latencyMs?: number;
  latencyMeanMs?: number;
  latencySigma?: number;
  latencyMinMs?: number;
  latencyMaxMs?: number;
  stragglerShare?: number;
  stragglerMs?: number;
  callLog?: string;
  dialect?: DialectName;
  model?: string;
  contextTokens?: number;
  faults?: string;
  rate?: number;
  faultyCalls?: number;
  time?: Partial<FaultTimes>;
  slots?: number;
  queue?: number;
  refusal?: Refusal;
  load?: LoadCurve;
  unloadAfterMs?: number;
  loadMs?: number;
  requestsPerMinute?: number;
  tokensPerMinute?: number;
  burstSeconds?: number;
  dieAfterCalls?: number;
  dieAfterBytes?: number;
  awayMs?: number;
}

/** The server that the command line asks for; what is not set is undefined. */
export function serverOptionsOf(parsed: ParsedOptions): ModelServerOptions {
  const { slots, queue, load, unloadAfterMs, loadMs } = parsed;
  const hasCapacity = [slots, queue, load, unloadAfterMs].some((value) => value !== undefined);
  return {
    port: parsed.port,
    seed: parsed.seed,
    latency: latencyOf(parsed),
    callLogFile: parsed.callLog,
    dialect: parsed.dialect,
    modelName: parsed.model,
    contextTokens: parsed.contextTokens,
    faults: faultsOf(parsed),
    times: parsed.time,
    refusal: parsed.refusal,
    capacity: hasCapacity ? { slots, queue, load, unloadAfterMs, loadMs } : undefined,
    lifespan: lifespanOf(parsed),
    limits: limitsOf(parsed),
  };
}

function latencyOf(parsed: ParsedOptions): LatencyDistribution {
  const { stragglerShare, stragglerMs = DEFAULT_STRAGGLER_MS } = parsed;
  const others = usualLatencyOf(parsed);
  if (stragglerShare === undefined) return others;
  return { kind: 'stragglers', share: stragglerShare, stragglerMs, others };
}

function usualLatencyOf(parsed: ParsedOptions): LatencyDistribution {
  const { latencyMs, latencyMeanMs, latencySigma, latencyMinMs = 0, latencyMaxMs } = parsed;
  if (latencyMaxMs !== undefined) return { kind: 'uniform', minMs: latencyMinMs, maxMs: latencyMaxMs };
  if (latencyMeanMs === undefined) return { kind: 'constant', ms: latencyMs ?? DEFAULT_LATENCY_MS };
  return { kind: 'lognormal', meanMs: latencyMeanMs, sigma: latencySigma ?? DEFAULT_SIGMA };
}

function faultsOf({ faults, rate, faultyCalls }: ParsedOptions): ModelServerOptions['faults'] {
  return faults === undefined ? undefined : { list: faults, rate, callsPerText: faultyCalls };
}

function limitsOf({
  requestsPerMinute,
  tokensPerMinute,
  burstSeconds,
}: ParsedOptions): ModelServerOptions['limits'] {
  if (requestsPerMinute === undefined && tokensPerMinute === undefined) return undefined;
  return { requestsPerMinute, tokensPerMinute, burstSeconds };
}

function lifespanOf({ dieAfterCalls, dieAfterBytes, awayMs }: ParsedOptions): ModelServerOptions['lifespan'] {
  if (dieAfterCalls === undefined && dieAfterBytes === undefined) return undefined;
  return { calls: dieAfterCalls, promptBytes: dieAfterBytes, awayMs };
}

/** Reads `linear:0.05`, `saturates:8` or `peaks:8`. */
export function loadCurve(value: string): LoadCurve {
  const [kind, amount] = value.split(':', 2);
  const number = notNegative(amount ?? '');
  if (kind === 'linear') return { kind, perCall: number };
  if ((kind === 'saturates' || kind === 'peaks') && number >= 1) return { kind, at: number };
  throw new InvalidArgumentError('Give linear:SHARE, saturates:CALLS or peaks:CALLS.');
}

/** Reads `name=number` and adds it to those before. */
export function faultTime(value: string, before: Partial<FaultTimes> = {}): Partial<FaultTimes> {
  const [name, amount] = value.split('=', 2);
  if (name === undefined || !(name in FAULT_TIMES)) {
    throw new InvalidArgumentError(`Give one of ${Object.keys(FAULT_TIMES).join(', ')} as name=number.`);
  }
  return { ...before, [name]: notNegative(amount ?? '') };
}
