/** Sends spans to where OpenTelemetry's own variables say. What cannot be sent is dropped; it never holds up the work. */
import type { Tracer } from '@opentelemetry/api';
import { detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor, type SpanExporter } from '@opentelemetry/sdk-trace-base';
import type { TraceProtocol } from '../config/telemetry-settings';
import { readVersion } from '../version';

/** A receiver that does not answer keeps a process that ends for no longer. */
const CLOSE_WITHIN_MS = 5000;
/** OTLP's code of success. */
const SUCCESS = 0;

/** Where spans are made. */
export interface TraceExport {
  tracer: Tracer;
  /** Sends what is left. */
  close(): Promise<void>;
}

/** Sets it up; `onWarning` is told when spans cannot be sent, once until they can again. */
export async function exportTraces(
  protocol: TraceProtocol,
  onWarning: (message: string) => void,
): Promise<TraceExport> {
  const { OTLPTraceExporter } =
    protocol === 'http/json'
      ? await import('@opentelemetry/exporter-trace-otlp-http')
      : await import('@opentelemetry/exporter-trace-otlp-proto');
  const provider = new BasicTracerProvider({
    // The user's own name and attributes come before ours.
    resource: resourceFromAttributes({ 'service.name': 'longhaul', 'service.version': readVersion() }).merge(
      detectResources({ detectors: [envDetector] }),
    ),
    spanProcessors: [new BatchSpanProcessor(tellingTrouble(new OTLPTraceExporter(), onWarning))],
  });
  return {
    tracer: provider.getTracer('longhaul', readVersion()),
    close: async () => {
      let timer: NodeJS.Timeout | undefined;
      const isLate = new Promise<void>((resolve) => (timer = setTimeout(resolve, CLOSE_WITHIN_MS)));
      await Promise.race([provider.shutdown().catch(() => {}), isLate]);
      clearTimeout(timer);
    },
  };
}

function tellingTrouble(exporter: SpanExporter, onWarning: (message: string) => void): SpanExporter {
  let isInTrouble = false;
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        const isTrouble = Number(result.code) !== SUCCESS;
        // What the receiver answered is left out.
        if (isTrouble && !isInTrouble)
          onWarning(
            'Traces cannot be sent to where OTEL_EXPORTER_OTLP_ENDPOINT says. The work goes on without.',
          );
        isInTrouble = isTrouble;
        done(result);
      }),
    forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
    shutdown: () => exporter.shutdown(),
  };
}
