/** Whoever is told of a run and cannot take it costs the run nothing. */
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { startModelServer } from '../../src/simulator/model-server';
import {
  callsAboutNarratives,
  countResults,
  inFolder,
  runClient,
  until,
  writeStudy,
} from '../helpers/client-process';

jest.setTimeout(60_000);

const N = 60;
const START = ['start', '--config', 'study.yaml', '--db', 'study.db'];

it('a taken port, a folder for logs that is a file, and a receiver of traces that is gone are one warning each', async () => {
  const server = await startModelServer({ seed: 1, latency: { kind: 'constant', ms: 50 } });
  const other = createServer().listen(0, '127.0.0.1');
  try {
    await until(() => other.listening, 5000, 'the other program');
    await inFolder(async (folder) => {
      writeStudy(folder, { apiUrl: server.url, nNarratives: N });
      writeFileSync(join(folder, 'logs'), 'a file');
      const taken = String((other.address() as AddressInfo).port);
      const run = await runClient([...START, '--metrics', taken, '--log-dir', 'logs'], {
        cwd: folder,
        env: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9', OTEL_EXPORTER_OTLP_TIMEOUT: '500' },
      });
      expect(run.code).toBe(0);
      expect(countResults(join(folder, 'study.db'))).toBe(N);
      expect(callsAboutNarratives(server)).toBe(N);
      const warnings = run.stderr.trim().split('\n').sort();
      expect(warnings).toEqual([
        expect.stringContaining('No metrics at'),
        expect.stringContaining('The log '),
        expect.stringContaining('Traces cannot be sent'),
      ]);
    });
  } finally {
    await server.close();
    other.close();
  }
});

it('a log goes on where it was when the experiment is resumed, and no event comes twice', async () => {
  const server = await startModelServer({ seed: 1, latency: { kind: 'constant', ms: 20 } });
  try {
    await inFolder(async (folder) => {
      writeStudy(folder, { apiUrl: server.url, nNarratives: N });

      server.setFaults({ list: '41', rate: 0.1 });
      const options = { cwd: folder, env: { LONGHAUL_LOG_DIR: 'logs' } };
      expect((await runClient(START, options)).code).toBe(5);
      server.setFaults(null);
      expect((await runClient(['resume', '--retry-errors', '--db', 'study.db'], options)).code).toBe(0);
      const status = await runClient(['show', '--db', 'study.db', '--json'], { cwd: folder });
      const { output_files: files } = JSON.parse(status.stdout) as { output_files: { logs: string } };
      const lines = readFileSync(join(files.logs, 'experiment.jsonl'), 'utf8').trim().split('\n');
      const events = lines
        .map((line) => JSON.parse(line) as { what: string; event_id: number; kind: string })
        .filter(({ what }) => what === 'event');
      expect(events.map(({ event_id: id }) => id)).toEqual(events.map((_, index) => index + 1));
      const kinds = events.map(({ kind }) => kind);
      expect(kinds).toEqual(expect.arrayContaining(['created', 'retry_requested', 'completed']));
    });
  } finally {
    await server.close();
  }
});
