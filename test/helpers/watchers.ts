/** All that can watch a client at once: a reader of its metrics, a receiver of its traces, a folder for its logs. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../src/temporal/free-port';

const READ_EVERY_MS = 100;

/** A span as OTLP's JSON has it, as far as tests look at it. */
export interface ReceivedSpan {
  name: string;
  attributes: { key: string; value: unknown }[];
}

/** What watches, and what it has been told. */
export interface Watchers {
  /** For the command line and the environment of the client. */
  args: string[];
  env: Record<string, string>;
  /** The last page of metrics that was read. */
  metrics: () => string;
  spans: () => ReceivedSpan[];
  /** Lines of all logs. */
  logLines: () => Record<string, unknown>[];
  /** All that was ever told by metrics and traces, as it came. */
  told: () => string;
  close: () => Promise<void>;
}

/** Starts them for a client that works in a folder; the logs are in `logs` there. */
export async function startWatchers(folder: string): Promise<Watchers> {
  const pages: string[] = [];
  const bodies: string[] = [];
  const receiver = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      bodies.push(Buffer.concat(chunks).toString('utf8'));
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  const port = await freePort();
  const closing = new AbortController();
  const reading = readPages(`http://127.0.0.1:${port}/metrics`, pages, closing.signal);
  return {
    args: ['--metrics', String(port), '--log-dir', 'logs'],
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    },
    metrics: () => pages.at(-1) ?? '',
    spans: () => bodies.flatMap(spansOf),
    logLines: () => filesIn(join(folder, 'logs')).flatMap(linesOf),
    told: () => [...pages, ...bodies].join('\n'),
    close: async () => {
      closing.abort();
      await reading;
      receiver.closeAllConnections();
      receiver.close();
    },
  };
}

/** Files of a folder and of those in it. */
export function filesIn(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names.map((name) => join(folder, name)).filter((path) => statSync(path).isFile());
}

async function readPages(url: string, pages: string[], closing: AbortSignal): Promise<void> {
  while (!closing.aborted) {
    try {
      const page = await fetch(url);
      const text = await page.text();
      if (page.status === 200) pages.push(text);
    } catch {
      // not there yet, or no more
    }
    await sleep(READ_EVERY_MS);
  }
}

function spansOf(body: string): ReceivedSpan[] {
  const { resourceSpans } = JSON.parse(body) as {
    resourceSpans: { scopeSpans: { spans: ReceivedSpan[] }[] }[];
  };
  return resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans));
}

function linesOf(path: string): Record<string, unknown>[] {
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Record<string, unknown>);
}
