/** Serves the metrics over HTTP. Whatever goes wrong here is a warning: the run goes on without. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Store } from '../store/open-store';
import { Exposition } from './exposition';
import { formatListenAddress, type ListenAddress } from './listen-address';
import { observeExperiments } from './observe-experiments';
import { SumsCache } from './sums-cache';

/** What is served, and where. */
export interface MetricsServerOptions {
  store: Store;
  address: ListenAddress;
  onWarning: (message: string) => void;
}

export class MetricsServer {
  private readonly exposition = new Exposition();
  private readonly since = new Date();
  private readonly sums: SumsCache;
  private readonly server: Server;
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

  /** Counts a commit of results in. */
  noteCommit(seconds: number): void {
    this.exposition.noteCommit(seconds);
  }

  /** Ends it, whoever is connected. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }

  private async serve({ method, url }: IncomingMessage, response: ServerResponse): Promise<void> {
    if ((method !== 'GET' && method !== 'HEAD') || url?.split('?')[0] !== '/metrics') {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('The metrics are at /metrics.\n');
      return;
    }
    try {
      const { store } = this.options;
      const observed = { store, sums: this.sums, since: this.since, now: new Date() };
      const text = await this.exposition.text(observeExperiments(observed));
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
