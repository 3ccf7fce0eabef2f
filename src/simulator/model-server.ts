/**
 * An OpenAI-compatible server without a model behind it, for the demo, the tests and measurements. It listens on
 * 127.0.0.1 only, answers by a hash of the text (simulated-answer.ts), serves the faults that it is asked for
 * (faults/catalogue.ts) and writes down who asked what and when.
 */
import { createServer } from 'node:http';
import { LonghaulError } from '../errors';
import { CallLog, type LoggedCall } from './call-log';
import { Capacity, type CapacityOptions } from './capacity';
import { DIALECTS, type DialectName } from './dialects';
import { FaultPlan, type FaultOptions } from './faults/fault-plan';
import { FAULT_TIMES, type FaultTimes } from './faults/fault-times';
import { FrontDoor } from './front-door';
import type { LatencyDistribution } from './latency';
import { Lifespan, type LifespanOptions } from './lifespan';
import { MinuteLimits, type MinuteLimitOptions } from './minute-limits';
import { Outage, type GoAwayOptions } from './outage';
import { createSelfSignedCertificate } from './self-signed-certificate';
import { serveRequest } from './serve-request';
import type { Refusal, Simulation } from './simulation';

const CHAT_PATH = '/v1/chat/completions';
const LOOPBACK = '127.0.0.1';
/** The row that is a matter of the port: with it the port speaks TLS. */
const UNTRUSTED_TLS = 66;

/** How a simulated model server is set up. */
export interface ModelServerOptions {
  /** 0 = any free port. @default 0 */
  port?: number;
  /** Changes which texts are detected, and which calls are faulty. @default 1 */
  seed?: number;
  /** @default 0 ms, constant */
  latency?: LatencyDistribution;
  /** JSON lines are appended here. @default none */
  callLogFile?: string;
  /** Whether `calls()` tells of them. @default true */
  keepsCalls?: boolean;
  /** Listed as a server does, and replied where a request names no model. @default the dialect's */
  modelName?: string;
  /** The kind of server to behave like around its answers. @default generic */
  dialect?: DialectName;
  /** Tokens that prompt and answer may have together. @default no limit */
  contextTokens?: number;
  /** @default none */
  faults?: FaultOptions;
  /** How long the slow faults take. @default as real servers */
  times?: Partial<FaultTimes>;
  /** What it does at once. @default no limit */
  capacity?: CapacityOptions;
  /** How it refuses beyond its slots and its queue. @default 429 */
  refusal?: Refusal;
  /** Its rate limits. @default none */
  limits?: MinuteLimitOptions;
  /** When it dies of what it has done. @default never */
  lifespan?: LifespanOptions;
}

/** A running simulated model server. */
export interface ModelServer {
  /** Where to post chat completions. */
  url: string;
  port: number;
  /** All events of all calls, oldest first. */
  calls(): readonly LoggedCall[];
  /** Calls started, by the number of the fault that they were given; 0 = none. */
  callsByFault(): Record<number, number>;
  inFlight(): number;
  maxInFlight(): number;
  /** Other faults from now on, counted from the first call of each text; null = none. */
  setFaults(options: FaultOptions | null): void;
  /** Fails for every call, by default by refusing connections, until `ms` are over or it is told to come back. */
  goAway(options?: GoAwayOptions): Promise<void>;
  comeBack(): Promise<void>;
  /** Cuts calls in flight (logged as aborted), frees the port and closes the log. */
  close(): Promise<void>;
}

/** Thrown when the port is taken or forbidden, or the call log cannot be written. */
export class SimulatorStartError extends LonghaulError {}

/** Starts a server and resolves once it listens; throws SimulatorStartError or FaultListError. */
export async function startModelServer(options: ModelServerOptions = {}): Promise<ModelServer> {
  const plan = new FaultPlan(options.faults ?? null, options.seed ?? 1);
  const isTls = plan.holds(UNTRUSTED_TLS);
  const log = openLog(options);
  const serving = new Set<Promise<void>>();
  const http = createServer((request, response) => {
    const served = serveRequest(simulation, request, response).finally(() => serving.delete(served));
    serving.add(served);
  });
  const door = new FrontDoor(http, isTls ? createSelfSignedCertificate() : null);
  const closing = new AbortController();
  const outage = new Outage(door, () => port);
  const simulation = createSimulation(options, { plan, log, outage, closing: closing.signal });
  const port = await open(door, options.port ?? 0).catch((error: unknown) => {
    log.close();
    throw error;
  });
  const close = async () => {
    outage.cancel();
    closing.abort();
    await door.shutForGood();
    await Promise.all(serving);
    log.close();
  };
  let closed: Promise<void> | null = null;
  return {
    url: `${isTls ? 'https' : 'http'}://${LOOPBACK}:${port}${CHAT_PATH}`,
    port,
    calls: () => log.list(),
    callsByFault: () => log.countsByFault(),
    inFlight: () => log.inFlight(),
    maxInFlight: () => log.maxInFlight(),
    setFaults: (faults) => (simulation.plan = new FaultPlan(faults, simulation.seed)),
    goAway: (how) => outage.goAway(how),
    comeBack: () => outage.comeBack(),
    close: () => (closed ??= close()),
  };
}

function openLog({ callLogFile: file, keepsCalls }: ModelServerOptions): CallLog {
  try {
    return new CallLog(file, keepsCalls);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw new SimulatorStartError(
      `The call log ${file} cannot be opened (${code}). Name a file in a folder that exists and can be written.`,
    );
  }
}

function createSimulation(
  options: ModelServerOptions,
  parts: Pick<Simulation, 'plan' | 'log' | 'outage' | 'closing'>,
): Simulation {
  const dialect = DIALECTS[options.dialect ?? 'generic'];
  return {
    ...parts,
    seed: options.seed ?? 1,
    latency: options.latency ?? { kind: 'constant', ms: 0 },
    dialect,
    facts: {
      modelName: options.modelName ?? dialect.defaultModel,
      contextTokens: options.contextTokens ?? null,
      slots: options.capacity?.slots ?? null,
    },
    times: { ...FAULT_TIMES, ...options.times },
    refusal: options.refusal ?? '429',
    capacity: new Capacity(options.capacity ?? {}),
    lifespan: new Lifespan(options.lifespan ?? {}),
    limits: new MinuteLimits(options.limits ?? {}),
  };
}

/** Resolves with the port. */
async function open(door: FrontDoor, port: number): Promise<number> {
  try {
    return await door.open(port);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason = code === 'EADDRINUSE' ? 'is in use' : `cannot be used (${code})`;
    throw new SimulatorStartError(
      `Port ${port} on ${LOOPBACK} ${reason}. Choose another one; 0 finds a free one.`,
    );
  }
}
