import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { WorkTraces } from '../../src/monitoring/traces';

const batch = { experimentId: 'e', pass: 0, batch: 3 };
const place = { ...batch, position: 301, narrativeId: 77 };
const fault = { category: 'rate_limit', code: 'slow_down', httpStatus: 429 } as const;

function traced(work: (traces: WorkTraces) => void) {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  let nowMs = 1_000_000;
  const traces = new WorkTraces(provider.getTracer('test'), () => (nowMs += 1000));
  work(traces);
  return exporter.getFinishedSpans();
}

it('a batch holds its narratives, a narrative its calls and its commit, and the batch links to the experiment', () => {
  const spans = traced(({ observe }) => {
    observe({ kind: 'experiment_opened', experimentId: 'e' });
    observe({ kind: 'batch_began', batch });
    observe({ kind: 'narrative_began', place });
    observe({ kind: 'call', place, endpoint: 'http://m', tookMs: 500, fault });
    observe({ kind: 'call', place, endpoint: 'http://m', tookMs: 250, fault: null });
    const saved = { ...place, endpoint: 'http://m', calls: 2, responseMs: 250 };
    observe({
      kind: 'commit',
      saved: [{ ...saved, fault: null, promptTokens: 9, completionTokens: 4 }],
      tookMs: 3,
    });
    observe({ kind: 'narrative_ended', place, outcome: 'answered' });
    observe({ kind: 'batch_ended', batch, outcome: { saved: 1, errors: 0, left: 0 }, tookMs: 9 });
    const outcome = { status: 'completed', reason: null, nTotal: 1, nCompleted: 1, nErrors: 0 } as const;
    observe({ kind: 'experiment_stopped', experimentId: 'e', outcome });
  });
  const named = (name: string) => spans.filter((span) => span.name === name);
  const [narrative] = named('narrative');
  const [batchSpan] = named('batch');
  const [experiment] = named('experiment');
  expect(spans.map(({ name }) => name)).toEqual([
    'call',
    'call',
    'commit',
    'narrative',
    'batch',
    'experiment',
  ]);
  for (const child of [...named('call'), ...named('commit')])
    expect(child.parentSpanContext!.spanId).toBe(narrative!.spanContext().spanId);
  expect(narrative!.parentSpanContext!.spanId).toBe(batchSpan!.spanContext().spanId);
  expect(batchSpan!.parentSpanContext).toBeUndefined();
  expect(batchSpan!.links[0]!.context.spanId).toBe(experiment!.spanContext().spanId);
  expect(named('call')[0]).toMatchObject({
    status: { code: 2 },
    duration: [0, 500_000_000],
    attributes: {
      'longhaul.category': 'rate_limit',
      'longhaul.code': 'slow_down',
      'longhaul.http_status': 429,
    },
  });
  expect(narrative!.attributes).toEqual({
    'longhaul.experiment': 'e',
    'longhaul.pass': 0,
    'longhaul.batch': 3,
    'longhaul.position': 301,
    'longhaul.narrative_id': 77,
    'longhaul.calls': 2,
    'longhaul.endpoint': 'http://m',
    'longhaul.prompt_tokens': 9,
    'longhaul.completion_tokens': 4,
    'longhaul.outcome': 'answered',
  });
  expect(experiment!.attributes).toMatchObject({ 'longhaul.status': 'completed', 'longhaul.completed': 1 });
});

it('what is open when the process ends is ended, and what comes without a begin is left', () => {
  const spans = traced((traces) => {
    traces.observe({ kind: 'batch_ended', batch, outcome: null, tookMs: 1 });
    traces.observe({ kind: 'narrative_ended', place, outcome: 'left' });
    traces.observe({ kind: 'batch_began', batch });
    traces.observe({ kind: 'narrative_began', place });
    traces.close();
  });
  expect(spans.map(({ name }) => name)).toEqual(['narrative', 'batch', 'experiment']);
});
