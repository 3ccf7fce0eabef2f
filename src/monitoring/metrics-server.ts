/** Serves the metrics over HTTP. Whatever goes wrong here is a warning: the run goes on without. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { WorkEvent } from '../activities/work-event';
import type { Store } from '../store/open-store';
import { Exposition } from './exposition';
import { formatListenAddress, type ListenAddress } from './listen-address';
import { observeExperiments } from './observe-experiments';
import { SumsCache } from './sums-cache';
import { readTemporalMetrics } from './temporal-metrics';

/** What is served, and where. */
export interface MetricsServerOptions {
  store: Store;
  address: ListenAddress;
  onWarning: (message: string) => void;
  /** Results that are in memory only; absent = none. */
  unsaved?: () => number;
  /** Where Temporal's SDK serves its metrics, which are put behind ours; null, absent = nowhere. */
  temporalAddress?: string | null;
}

export class MetricsServer {
  private readonly exposition = new Exposition();
  private readonly since = new Date();
  private readonly sums: SumsCache;
  private readonly server: Server;
  private readonly models = new Map<string, string>();
  private hasFailed = false;

  constructor(private readonly options: MetricsServerOptions) {
    this.sums = new SumsCache(options.store);
    this.server = createServer((request, response) => void this.serve(request, response));
    this.server.unref();
  }

  /** Begins to listen; resolves with whether it does. */
  listen(): Promise<boolean> {
    const { address, onWarning } = this.options;
    return new Promise((resolve) => {
      this.server.on('error', (error: NodeJS.ErrnoException) => {
        const why = error.code === 'EADDRINUSE' ? 'the port is taken' : (error.code ?? 'unknown error');
        onWarning(`No metrics at ${formatListenAddress(address)}: ${why}. The run goes on without.`);
        resolve(false);
      });
      this.server.listen(address.port, address.host, () => resolve(true));
    });
  }

  /** Counts calls and commits in. */
  observe(event: WorkEvent): void {
    if (event.kind === 'commit') this.exposition.noteCommit(event.tookMs / 1000);
    if (event.kind !== 'call') return;
    const { endpoint, fault, tookMs, place } = event;
    const model = this.modelOf(place.experimentId);
    const outcome = fault?.category ?? 'reply';
    this.exposition.noteCall({ experiment: place.experimentId, model, endpoint, outcome }, tookMs / 1000);
  }

  /** Ends it, whoever is connected. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }

  private modelOf(experimentId: string): string {
    const known = this.models.get(experimentId);
    if (known !== undefined) return known;
    const model = this.options.store.experiments.get(experimentId)?.model_name ?? '';
    this.models.set(experimentId, model);
    return model;
  }

  private async serve({ method, url }: IncomingMessage, response: ServerResponse): Promise<void> {
    if ((method !== 'GET' && method !== 'HEAD') || url?.split('?')[0] !== '/metrics') {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('The metrics are at /metrics.\n');
      return;
    }
    try {
      const { store, unsaved, temporalAddress = null } = this.options;
      this.exposition.setUnsaved(unsaved?.() ?? 0);
      const observed = { store, sums: this.sums, since: this.since, now: new Date() };
      const ours = await this.exposition.text(observeExperiments(observed));
      const text = temporalAddress === null ? ours : `${ours}${await readTemporalMetrics(temporalAddress)}`;
      response.writeHead(200, { 'content-type': this.exposition.contentType }).end(text);
      this.hasFailed = false;
    } catch (error) {
      response.writeHead(500, { 'content-type': 'text/plain' }).end('The results file cannot be read now.\n');
      if (!this.hasFailed) this.options.onWarning(`A scrape of the metrics failed${codeOf(error)}.`);
      this.hasFailed = true;
    }
  }
}

function codeOf(error: unknown): string {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? ` (${code})` : '';
}
