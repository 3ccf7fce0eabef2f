/**
 * Spans of the work for OpenTelemetry, with ids, counts and codes. Each batch is a trace of its own, so that none grows
 * with the experiment; it holds its narratives, and these their calls and the commit that made the result durable. An
 * experiment's own span lasts as long as this process works on it; the batches link to it.
 */
import {
  type Attributes,
  type Context,
  ROOT_CONTEXT,
  type Span,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import type { Tracer } from '@opentelemetry/api';
import type { FaultFacts, NarrativePlace, SavedFacts, WorkEvent } from '../activities/work-event';
import type { BatchReference } from '../experiment';

export class WorkTraces {
  private readonly experiments = new Map<string, Span>();
  private readonly batches = new Map<string, Span>();
  private readonly narratives = new Map<string, Span>();

  /** `now` gives milliseconds since 1970. */
  constructor(
    private readonly tracer: Tracer,
    private readonly now: () => number = Date.now,
  ) {}

  /** Makes spans of what a worker does. */
  readonly observe = (event: WorkEvent): void => {
    switch (event.kind) {
      case 'experiment_opened':
        this.beginExperiment(event.experimentId);
        break;
      case 'experiment_stopped': {
        const { status, nTotal, nCompleted, nErrors } = event.outcome;
        this.endExperiment(event.experimentId, {
          status,
          total: nTotal,
          completed: nCompleted,
          errors: nErrors,
        });
        break;
      }
      case 'batch_began':
        this.beginBatch(event.batch);
        break;
      case 'batch_ended':
        this.end(this.batches, batchKey(event.batch), countsOf(event.outcome), event.outcome === null);
        break;
      case 'narrative_began':
        this.beginNarrative(event.place);
        break;
      case 'narrative_ended':
        this.end(
          this.narratives,
          narrativeKey(event.place),
          { outcome: event.outcome },
          event.outcome === 'error',
        );
        break;
      case 'call': {
        const attributes = { endpoint: event.endpoint, ...faultAttributes(event.fault) };
        this.childOfNarrative(event.place, 'call', { tookMs: event.tookMs, attributes, fault: event.fault });
        break;
      }
      case 'commit':
        for (const saved of event.saved) this.addCommit(saved, event.saved.length, event.tookMs);
        break;
    }
  };

  /** Ends what is open: this process works no more. */
  close(): void {
    for (const open of [this.narratives, this.batches]) {
      for (const span of open.values()) span.end(this.now());
      open.clear();
    }
    for (const experimentId of [...this.experiments.keys()]) this.endExperiment(experimentId, {});
  }

  private beginExperiment(experimentId: string): void {
    if (this.experiments.has(experimentId)) return;
    const attributes = named({ experiment: experimentId });
    this.experiments.set(experimentId, this.begin('experiment', ROOT_CONTEXT, attributes));
  }

  private endExperiment(experimentId: string, attributes: Attributes): void {
    const span = this.experiments.get(experimentId);
    this.experiments.delete(experimentId);
    span?.setAttributes(named(attributes)).end(this.now());
  }

  private beginBatch(batch: BatchReference): void {
    this.beginExperiment(batch.experimentId);
    const context = this.experiments.get(batch.experimentId)!.spanContext();
    const { experimentId: experiment, pass, batch: number } = batch;
    const attributes = named({ experiment, pass, batch: number });
    const span = this.tracer.startSpan(
      'batch',
      { startTime: this.now(), attributes, links: [{ context }] },
      ROOT_CONTEXT,
    );
    this.batches.set(batchKey(batch), span);
  }

  private beginNarrative(place: NarrativePlace): void {
    const { experimentId: experiment, pass, batch, position, narrativeId } = place;
    const attributes = named({ experiment, pass, batch, position, narrative_id: narrativeId });
    const parent = contextOf(this.batches.get(batchKey(place)));
    this.narratives.set(narrativeKey(place), this.begin('narrative', parent, attributes));
  }

  private addCommit(saved: SavedFacts, results: number, tookMs: number): void {
    const { calls, endpoint, fault, promptTokens, completionTokens } = saved;
    const tokens = {
      ...(promptTokens === null ? {} : { prompt_tokens: promptTokens }),
      ...(completionTokens === null ? {} : { completion_tokens: completionTokens }),
    };
    const narrative = this.narratives.get(narrativeKey(saved));
    narrative?.setAttributes(named({ calls, endpoint, ...tokens, ...faultAttributes(fault) }));
    this.childOfNarrative(saved, 'commit', { tookMs, attributes: { results }, fault: null });
  }

  /** A span of something that is over. */
  private childOfNarrative(
    place: Pick<NarrativePlace, 'experimentId' | 'narrativeId'>,
    name: string,
    { tookMs, attributes, fault }: { tookMs: number; attributes: Attributes; fault: FaultFacts | null },
  ): void {
    const parent = contextOf(this.narratives.get(narrativeKey(place)));
    const endedAt = this.now();
    const span = this.tracer.startSpan(
      name,
      { startTime: endedAt - tookMs, attributes: named(attributes) },
      parent,
    );
    if (fault !== null) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end(endedAt);
  }

  private begin(name: string, parent: Context, attributes: Attributes): Span {
    return this.tracer.startSpan(name, { startTime: this.now(), attributes }, parent);
  }

  private end(open: Map<string, Span>, key: string, attributes: Attributes, isError: boolean): void {
    const span = open.get(key);
    open.delete(key);
    span?.setAttributes(named(attributes));
    if (isError) span?.setStatus({ code: SpanStatusCode.ERROR });
    span?.end(this.now());
  }
}

function contextOf(span: Span | undefined): Context {
  return span === undefined ? ROOT_CONTEXT : trace.setSpan(ROOT_CONTEXT, span);
}

/** Names of ours do not meet those of others. */
function named(attributes: Attributes): Attributes {
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`longhaul.${name}`, value]));
}

function countsOf(outcome: { saved: number; errors: number; left: number } | null): Attributes {
  return outcome === null ? {} : { saved: outcome.saved, errors: outcome.errors, left: outcome.left };
}

function faultAttributes(fault: FaultFacts | null): Attributes {
  if (fault === null) return {};
  const { category, code, httpStatus } = fault;
  return {
    category,
    ...(code === null ? {} : { code }),
    ...(httpStatus === null ? {} : { http_status: httpStatus }),
  };
}

function batchKey({ experimentId, pass, batch }: BatchReference): string {
  return `${experimentId}/${pass}/${batch}`;
}

function narrativeKey({
  experimentId,
  narrativeId,
}: Pick<NarrativePlace, 'experimentId' | 'narrativeId'>): string {
  return `${experimentId}/${narrativeId}`;
}
