/** The metrics of a results file, scraped over HTTP. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatListenAddress, parseListenAddress } from '../../src/monitoring/listen-address';
import { METRICS } from '../../src/monitoring/metrics';
import { MetricsServer } from '../../src/monitoring/metrics-server';
import { readTemporalMetrics } from '../../src/monitoring/temporal-metrics';
import { openStore, type Store } from '../../src/store/open-store';
import { freePort } from '../../src/temporal/free-port';
import { makeLabelledStudy } from '../helpers/labelled-study';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'longhaul-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function onStore(work: (store: Store) => Promise<void>): Promise<void> {
  const store = openStore(join(folder, 'study.db'));
  try {
    await work(store);
  } finally {
    store.close();
  }
}

async function whileServing(
  store: Store,
  work: (url: string, server: MetricsServer, warnings: string[]) => Promise<void>,
): Promise<void> {
  const warnings: string[] = [];
  const address = { host: '127.0.0.1', port: await freePort() };
  const server = new MetricsServer({ store, address, onWarning: (line) => warnings.push(line) });
  expect(await server.listen()).toBe(true);
  try {
    await work(`http://${formatListenAddress(address)}/metrics`, server, warnings);
  } finally {
    await server.close();
  }
}

test('a scrape tells how each experiment stands that is unfinished, without a text', async () => {
  const { first } = makeLabelledStudy(folder);
  await onStore(async (store) => {
    store.experiments.setStatus(first, 'running', null);
    store.endpoints.setState(first, {
      endpoint: 'http://localhost:1234',
      concurrency: 8,
      in_flight: 7,
      health: 'open',
      reason: null,
    });
    await whileServing(store, async (url, server, warnings) => {
      server.observe({ kind: 'commit', saved: [], tookMs: 4 });
      const place = { experimentId: first, pass: 0, batch: 0, position: 0, narrativeId: 1 };
      const fault = { category: 'timeout', code: null, httpStatus: null } as const;
      server.observe({ kind: 'call', place, endpoint: 'http://m', tookMs: 900, fault });
      server.observe({ kind: 'call', place, endpoint: 'http://m', tookMs: 800, fault: null });
      const text = await (await fetch(url)).text();
      const of = `experiment="${first}",model="`;
      expect(text).toContain(`longhaul_narratives{${of}`);
      expect(text).toMatch(new RegExp(`^longhaul_answered\\{${of}[^}]*\\} 400$`, 'm'));
      expect(text).toMatch(/^longhaul_errors\{[^}]*category="\w+"\} 4$/m);
      expect(text).toMatch(/^longhaul_endpoint_in_flight\{[^}]*endpoint="http:\/\/localhost:1234"\} 7$/m);
      expect(text).toMatch(/^longhaul_endpoint_allowed_concurrency\{[^}]*\} 8$/m);
      expect(text).toMatch(/^longhaul_commit_seconds_count 1$/m);
      expect(text).toMatch(
        /^longhaul_call_seconds_count\{[^}]*endpoint="http:\/\/m",outcome="timeout"\} 1$/m,
      );
      expect(text).toMatch(/^longhaul_call_seconds_count\{[^}]*outcome="reply"\} 1$/m);
      expect(text).toMatch(/^longhaul_unsaved_results 0$/m);
      expect(text).not.toContain('Made-up narrative');
      expect((await fetch(url.replace('/metrics', '/'))).status).toBe(404);
      expect(warnings).toEqual([]);
    });
  });
});

test('a port that is taken is a warning, and no more', async () => {
  await onStore(async (store) => {
    await whileServing(store, async (url) => {
      const warnings: string[] = [];
      const address = { host: '127.0.0.1', port: Number(new URL(url).port) };
      const second = new MetricsServer({ store, address, onWarning: (line) => warnings.push(line) });
      expect(await second.listen()).toBe(false);
      expect(warnings).toEqual([
        expect.stringMatching(/^No metrics at 127\.0\.0\.1:\d+: the port is taken\./),
      ]);
    });
  });
});

test("metrics of Temporal's SDK stand behind ours, and are a comment where they cannot be had", async () => {
  expect(await readTemporalMetrics('127.0.0.1:9')).toMatch(/^# .*\n$/);
  await onStore((store) =>
    whileServing(store, async (url) => {
      expect(await readTemporalMetrics(new URL(url).host)).toContain('longhaul_unsaved_results');
    }),
  );
});

test.each<[string, string | null]>([
  ['9464', '127.0.0.1:9464'],
  [':9464', '127.0.0.1:9464'],
  ['0.0.0.0:9464', '0.0.0.0:9464'],
  ['[::1]:9464', '[::1]:9464'],
  ['localhost:9464', 'localhost:9464'],
  ['0', null],
  ['70000', null],
  ['localhost', null],
])('the address %s is %s', (text, expected) => {
  const address = parseListenAddress(text);
  expect(address === null ? null : formatListenAddress(address)).toBe(expected);
});

test('the guide lists the metrics as they are', () => {
  const guide = readFileSync('docs/monitoring.md', 'utf8');
  const rows = METRICS.map(({ name, type, labels, meaning }) => [name, type, labels.join(', '), meaning]);
  const listed = guide
    .split('\n')
    .filter((line) => line.startsWith('| `longhaul_'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll('`', '')),
    );
  expect(listed).toEqual(rows);
});
