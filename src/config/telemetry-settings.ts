/** What a process that works tells besides its results file and its metrics: logs to a folder, traces. Off by default. */
import { resolve } from 'node:path';
import type { Environment } from './environment';

/** What is asked for; null = not asked for. */
export interface TelemetrySettings {
  /** Absolute path; each experiment has a folder of its own in it. */
  logFolder: string | null;
  /** The form in which traces are sent; where to, OpenTelemetry's own variables say. */
  traces: TraceProtocol | null;
  /** For the user: what was asked for and cannot be had. */
  notices: readonly string[];
}

export const TRACE_PROTOCOLS = ['http/protobuf', 'http/json'] as const;
export type TraceProtocol = (typeof TRACE_PROTOCOLS)[number];

/** Reads the environment; a folder is relative to the working directory. */
export function readTelemetrySettings(environment: Environment, workingDirectory: string): TelemetrySettings {
  const folder = nonEmpty(environment.LONGHAUL_LOG_DIR);
  const { protocol, notice } = readTraceSettings(environment);
  return {
    logFolder: folder === undefined ? null : resolve(workingDirectory, folder),
    traces: protocol,
    notices: notice === null ? [] : [notice],
  };
}

/** By the variables of OpenTelemetry's specification. */
function readTraceSettings(environment: Environment): {
  protocol: TraceProtocol | null;
  notice: string | null;
} {
  const off = (notice: string | null) => ({ protocol: null, notice });
  const get = (name: string): string | undefined => nonEmpty(environment[name]);
  if (get('OTEL_SDK_DISABLED')?.toLowerCase() === 'true') return off(null);
  const exporter = get('OTEL_TRACES_EXPORTER');
  const endpoint = get('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT') ?? get('OTEL_EXPORTER_OTLP_ENDPOINT');
  if (exporter === 'none' || (exporter === undefined && endpoint === undefined)) return off(null);
  if (exporter !== undefined && exporter !== 'otlp')
    return off('No traces: OTEL_TRACES_EXPORTER can be otlp or none here.');
  const asked =
    get('OTEL_EXPORTER_OTLP_TRACES_PROTOCOL') ?? get('OTEL_EXPORTER_OTLP_PROTOCOL') ?? TRACE_PROTOCOLS[0];
  const protocol = TRACE_PROTOCOLS.find((known) => known === asked);
  return protocol === undefined
    ? off(`No traces: OTEL_EXPORTER_OTLP_PROTOCOL can be ${TRACE_PROTOCOLS.join(' or ')} here.`)
    : { protocol, notice: null };
}

/** By the specification an empty variable counts as not set. */
function nonEmpty(value: string | undefined): string | undefined {
  return value === undefined || value.trim() === '' ? undefined : value.trim();
}
