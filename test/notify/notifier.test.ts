/** Telling a person, by real programs and a real HTTP server, from a real results file. */
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { stopExperiment } from '../../src/activities/experiment-activities';
import { tellWaiting } from '../../src/activities/tell-waiting';
import type { Environment } from '../../src/config/environment';
import { Notifier } from '../../src/notify/notifier';
import { openStore, type Store } from '../../src/store/open-store';
import { inFolder, query, until, writeStudy } from '../helpers/client-process';
import { answered, failed, finish, saveOutcomes, startStored } from '../helpers/stored-study';

const MARKER = 'ZQX-CANARY';
const OPTIONS = { lookEveryMs: 20, deadlineMs: 1000 };
const KEYS = { STUDY_KEY: 'sk-very-secret-1234567890', HOOK_URL: '' };

/** Writes all variables and its standard input into told.txt of its folder. */
const WITNESS = `
const fs = require('node:fs');
const told = { argv: process.argv.slice(2), env: process.env, input: fs.readFileSync(0, 'utf8') };
fs.appendFileSync(require('node:path').join(__dirname, 'told.jsonl'), JSON.stringify(told) + '\\n');`;

interface Told {
  argv: string[];
  env: Record<string, string>;
  input: string;
}

interface Stage {
  folder: string;
  store: Store;
  id: string;
  /** Warnings so far. */
  warnings: string[];
  environment: Environment;
  told: () => Told[];
  events: () => { kind: string; detail: string | null }[];
  outcomes: () => (string | null)[];
}

/** A study of three narratives that is at work and has this section in its config. */
async function onStage(notify: string, work: (stage: Stage) => Promise<void>, hook = ''): Promise<void> {
  await inFolder(async (folder) => {
    writeStudy(folder, { apiUrl: 'http://127.0.0.1:9/v1', nNarratives: 3, marker: MARKER });
    writeFileSync(join(folder, 'witness.js'), WITNESS);
    appendFileSync(join(folder, 'study.yaml'), `notify: ${notify.replace('FOLDER', folder)}\n`);
    const environment = { ...process.env, ...KEYS, HOOK_URL: hook };
    const store = openStore(join(folder, 'study.db'));
    try {
      const id = startStored(store, folder, { environment }).decision.experimentId;
      const lines = (file: string): string[] =>
        existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
      await work({
        folder,
        store,
        id,
        warnings: [],
        environment,
        told: () => lines(join(folder, 'told.jsonl')).map((line) => JSON.parse(line) as Told),
        events: () => query(store.file, 'SELECT kind, detail FROM experiment_events ORDER BY event_id'),
        outcomes: () =>
          query<{ outcome: string | null }>(
            store.file,
            'SELECT outcome FROM notifications ORDER BY event_id',
          ).map(({ outcome }) => outcome),
      });
    } finally {
      store.close();
    }
  });
}

/** A notifier as a worker has one, from its beginning to its end. */
async function work({ store, environment, warnings }: Stage): Promise<void> {
  const notifier = new Notifier(store, environment, (warning) => warnings.push(warning), OPTIONS);
  notifier.begin();
  await notifier.end();
}

const complete = ({ store, id }: Stage): void => {
  saveOutcomes(store, id, [answered(true), answered(false), failed(`quotes ${MARKER}`)]);
  finish(store, id);
};
const COMMAND = '{command: [node, FOLDER/witness.js, "$HOME; echo x"]}';

it('a command is told the completion once, with counts and without a text or key, whatever restarts', async () => {
  await onStage(COMMAND, async (stage) => {
    complete(stage);
    await work(stage);
    await work(stage);
    const [told, ...more] = stage.told();
    expect(more).toEqual([]);
    expect(told!.argv).toEqual(['$HOME; echo x']); // no shell, no variables
    expect(JSON.parse(told!.input)).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{8}\/\d+$/) as string,
      occasion: 'completed',
      occurred_at: expect.any(String) as string,
      experiment_id: stage.id,
      experiment_name: 'crash study',
      status: 'completed_with_errors',
      reason: null,
      n_narratives_total: 3,
      n_narratives_completed: 3,
      n_errors: 1,
      n_detected: 1,
      text: `${stage.id} completed (3 of 3 narratives, 1 detected, 1 errors)`,
    });
    expect(told!.env).toMatchObject({
      LONGHAUL_NOTIFY_OCCASION: 'completed',
      LONGHAUL_NOTIFY_EXPERIMENT_ID: stage.id,
      LONGHAUL_NOTIFY_N_ERRORS: '1',
    });
    expect(JSON.stringify(told)).not.toContain(MARKER);
    expect(stage.outcomes()).toEqual(['sent']);
    expect(stage.warnings).toEqual([]);
  });
});

it('a command does not get the keys of model servers', async () => {
  await onStage(COMMAND, async (stage) => {
    const row = stage.store.experiments.get(stage.id)!;
    const frozen = JSON.parse(row.frozen_config) as never;
    const endpoint = { ...(JSON.parse(row.endpoint_config) as object), apiKeyEnv: 'STUDY_KEY' };
    stage.store.experiments.setSettings(stage.id, frozen, endpoint as never);
    complete(stage);
    await work(stage);
    expect(stage.told()).toHaveLength(1);
    expect(JSON.stringify(stage.told())).not.toContain(KEYS.STUDY_KEY);
  });
});

it('a pause is told with its reason; an interruption is not, nor what has passed long ago', async () => {
  await onStage(COMMAND, async (stage) => {
    const { store, id } = stage;
    const pause = (reason: string) => stopExperiment(store, { experimentId: id, status: 'paused', reason });
    pause('the key is refused: set it');
    await work(stage);
    store.experiments.setStatus(id, 'paused', 'interrupted');
    store.events.add(id, 'paused', 'interrupted');
    pause('an hour ago');
    store.inTransaction(() => store.experiments.setStatus(id, 'running', null));
    setEventTimes(stage, new Date(Date.now() - 3_600_000));
    await work(stage);
    expect(stage.told().map(({ env }) => env.LONGHAUL_NOTIFY_REASON)).toEqual(['the key is refused: set it']);
    expect(stage.outcomes()).toEqual(['sent', 'outdated']);
  });
});

it('only what the config asks for is told, and nothing without a config', async () => {
  await onStage('{command: [node, FOLDER/witness.js], on: [failed]}', async (stage) => {
    complete(stage);
    await work(stage);
    expect(stage.told()).toEqual([]);
    expect(stage.outcomes()).toEqual([]);
  });
});

describe('waiting for the model server', () => {
  const WAITING = '{command: [node, FOLDER/witness.js], waiting_minutes: 10}';
  const closed = {
    isOpen: false,
    closedAt: '2026-01-01T00:00:00.000Z',
    lastError: 'refused',
    nextProbeAt: null,
  };
  const tellGate = ({ store, id }: Stage, state: object): void =>
    tellWaiting(store, { experimentId: id, endpoints: [] } as never, {
      origin: 'http://127.0.0.1:9',
      state: state as never,
    });
  const wait = (stage: Stage): void => {
    stage.store.experiments.setStatus(stage.id, 'running', null);
    tellGate(stage, closed);
  };
  const goOn = (stage: Stage): void => tellGate(stage, { isOpen: true });

  it('is told when it has lasted, once for an outage, also when the worker is restarted meanwhile', async () => {
    await onStage(WAITING, async (stage) => {
      wait(stage);
      await work(stage);
      expect(stage.told()).toEqual([]);
      setEventTimes(stage, new Date(Date.now() - 11 * 60_000));
      await work(stage);
      wait(stage); // a restarted worker finds out anew that it has to wait
      setEventTimes(stage, new Date(Date.now() - 22 * 60_000));
      await work(stage);
      expect(stage.told()).toHaveLength(1);
      expect(stage.told()[0]!.env.LONGHAUL_NOTIFY_TEXT).toMatch(/ waiting since 20.*: the model server/);
      expect(stage.outcomes()).toEqual(['sent', 'outdated']);
    });
  });

  it('is not told when the server has come back in time, and told again in the next outage', async () => {
    await onStage(WAITING, async (stage) => {
      wait(stage);
      goOn(stage);
      setEventTimes(stage, new Date(Date.now() - 11 * 60_000));
      await work(stage);
      expect(stage.told()).toEqual([]);
      wait(stage);
      setEventTimes(stage, new Date(Date.now() - 11 * 60_000));
      await work(stage);
      expect(stage.told()).toHaveLength(1);
      expect(stage.outcomes()).toEqual(['outdated', 'sent']);
    });
  });
});

it('an end that is written twice, by a worker that died and its successor, is told once; another pass again', async () => {
  await onStage(COMMAND, async (stage) => {
    complete(stage);
    finish(stage.store, stage.id);
    await work(stage);
    expect(stage.told()).toHaveLength(1);
    stage.store.events.add(stage.id, 'retry_requested', '1 errors');
    finish(stage.store, stage.id);
    await work(stage);
    expect(stage.told()).toHaveLength(2);
  });
});

it.each([
  ['hangs', '[node, -e, "setInterval(() => {}, 1000)"]', /^node had not ended after 1 s$/],
  ['fails', '[node, -e, "process.exit(3)"]', /^node ended with exit code 3$/],
  ['is not there', '[/no/such/program]', /^\/no\/such\/program cannot be run \(ENOENT\)$/],
])('a command that %s is one event and one warning, and is not tried again', async (_, command, message) => {
  await onStage(`{command: ${command}}`, async (stage) => {
    complete(stage);
    await work(stage);
    await work(stage);
    const failures = stage.events().filter(({ kind }) => kind === 'notify_failed');
    expect(failures.map(({ detail }) => detail!.replace(/^completed: /, ''))).toEqual([
      expect.stringMatching(message),
    ]);
    expect(stage.warnings).toHaveLength(1);
    expect(stage.outcomes()).toEqual(['failed']);
  });
});

it('telling does not hold up the one who begins it', async () => {
  await onStage('{command: [node, -e, "setTimeout(() => {}, 500)"]}', async (stage) => {
    complete(stage);
    const notifier = new Notifier(stage.store, stage.environment, () => undefined, OPTIONS);
    notifier.begin();
    let turns = 0;
    const turning = setInterval(() => (turns += 1), 1);
    await until(() => stage.outcomes()[0] === 'sent', 10_000, 'the notification');
    clearInterval(turning);
    await notifier.end();
    expect(turns).toBeGreaterThan(5);
  });
});

describe('a webhook', () => {
  let server: Server;
  let bodies: string[];
  let statuses: number[];

  beforeEach(async () => {
    [bodies, statuses] = [[], []];
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        bodies.push(body);
        const status = statuses.shift() ?? 204;
        if (status !== 0) response.writeHead(status).end();
      });
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = (host = '127.0.0.1'): string =>
    `http://${host}:${(server.address() as AddressInfo).port}/hook?token=abc123`;
  const HOOK = '{webhook_url_env: HOOK_URL}';

  it('is posted the facts once as JSON', async () => {
    await onStage(
      HOOK,
      async (stage) => {
        complete(stage);
        await work(stage);
        await work(stage);
        expect(bodies.map((body) => (JSON.parse(body) as { occasion: string }).occasion)).toEqual([
          'completed',
        ]);
        expect(bodies[0]).not.toContain(MARKER);
        expect(stage.outcomes()).toEqual(['sent']);
      },
      url(),
    );
  });

  it.each([
    ['answers 503 once', [503], 2, null],
    ['answers 503 for ever', [503, 503, 503], 2, /answered 503$/],
    ['answers 404', [404], 1, /answered 404$/],
    ['never answers', [0], 1, /did not answer within 1 s$/],
  ])('that %s is called as often as makes sense', async (_, given, nCalls, message) => {
    statuses = given;
    await onStage(
      HOOK,
      async (stage) => {
        complete(stage);
        await work(stage);
        expect(bodies).toHaveLength(nCalls);
        expect(stage.warnings).toEqual(message === null ? [] : [expect.stringMatching(message)]);
        expect(stage.warnings.join()).not.toContain('abc123');
      },
      url(),
    );
  });

  it('on a host that is no longer allowed, or whose variable is gone, is not called', async () => {
    await onStage(
      HOOK,
      async (stage) => {
        complete(stage);
        stage.environment = { ...stage.environment, HOOK_URL: 'https://hooks.example.org/abc123' };
        await work(stage);
        expect(stage.warnings[0]).toMatch(
          /https:\/\/hooks\.example\.org, is neither on this machine nor allowed/,
        );
        expect(stage.warnings[0]).not.toContain('abc123');
      },
      url(),
    );
    await onStage(
      HOOK,
      async (stage) => {
        complete(stage);
        stage.environment = { ...stage.environment, HOOK_URL: undefined };
        await work(stage);
        expect(stage.warnings[0]).toMatch(/the environment variable is not set/);
        expect(bodies).toEqual([]);
      },
      url(),
    );
  });
});

/** As if all events had been then. */
function setEventTimes({ store }: Stage, time: Date): void {
  const database = new Database(store.file);
  database.prepare('UPDATE experiment_events SET occurred_at = ?').run(time.toISOString());
  database.close();
}
