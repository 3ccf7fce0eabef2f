/** The `notify` section: what is wrong with it is told before a start, what changes is taken over. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { takeOverHarmless } from '../../src/config/harmless-changes';
import { fingerprintOf } from '../../src/config/fingerprint';
import { freezeConfig } from '../../src/config/frozen-config';
import { loadConfig, type ExperimentConfig } from '../../src/config/load-config';
import { inFolder, writeStudy } from '../helpers/client-process';

const HOOK = 'https://hooks.example.org/secret-path';
const ENVIRONMENT = {
  HOOK_URL: HOOK,
  LOCAL_HOOK: 'http://127.0.0.1:9/x',
  PLAIN_HOOK: 'http://hooks.example.org/x',
};

async function load(notify: string, allowed = ''): Promise<ExperimentConfig> {
  let config: ExperimentConfig | null = null;
  await inFolder((folder) => {
    writeStudy(folder, { apiUrl: 'http://127.0.0.1:9/v1', nNarratives: 1 });
    const file = join(folder, 'study.yaml');
    writeFileSync(file, `${readFileSync(file, 'utf8')}${notify === '' ? '' : `notify: ${notify}\n`}`);
    const environment = { ...ENVIRONMENT, LONGHAUL_ALLOWED_HOSTS: allowed };
    config = loadConfig(file, { environment, workingDirectory: folder });
    return Promise.resolve();
  });
  return config!;
}

it.each<[string, RegExp]>([
  ['{}', /notify: tells nobody: it needs command, webhook_url_env, desktop or several/],
  ['{command: tell me}', /notify\.command: must be a list of a program and its arguments/],
  ['{command: []}', /notify\.command: must be a list/],
  ['{desktop: true, on: [sometimes]}', /notify\.on.*: must be a list of completed, paused, waiting, failed/],
  ['{desktop: true, waiting_minutes: 0}', /notify\.waiting_minutes: must be a number of minutes/],
  ['{webhook_url_env: NO_SUCH}', /notify\.webhook_url_env: the environment variable is not set/],
  ['{webhook_url_env: PLAIN_HOOK}', /notify\.webhook_url_env: the URL must begin with https/],
  [
    '{webhook_url_env: HOOK_URL}',
    /the host of the URL, https:\/\/hooks\.example\.org, is neither .* notify\.allowed_hosts/,
  ],
  [
    '{webhook_url_env: HOOK_URL, allowed_hosts: [nonsense/path]}',
    /notify\.allowed_hosts\.0: must be an origin/,
  ],
  ['{webhook_url_env: HOOK_URL, allowed_hosts: hooks.example.org}', /notify\.allowed_hosts: must be a list/],
  ['{webhok_url_env: HOOK_URL}', /Did you mean "webhook_url_env"/],
])('%s is refused', async (section, message) => {
  const error = await load(section).then(
    () => null,
    (refusal: Error) => refusal,
  );
  expect(error?.message).toMatch(message);
  expect(error?.message).not.toContain('secret-path');
});

it('defaults are all occasions and ten minutes; nothing in a command is expanded', async () => {
  expect((await load('{command: [sh, -c, "echo $LONGHAUL_NOTIFY_TEXT ${HOOK_URL}"]}')).notify).toEqual({
    command: ['sh', '-c', 'echo $LONGHAUL_NOTIFY_TEXT ${HOOK_URL}'],
    webhookUrlEnv: null,
    desktop: false,
    occasions: ['completed', 'paused', 'waiting', 'failed'],
    waitingMinutes: 10,
  });
  expect((await load('')).notify).toBeNull();
});

it('a webhook on this machine or on an allowed host is taken, and its URL is not kept', async () => {
  expect((await load('{webhook_url_env: LOCAL_HOOK}')).notify?.webhookUrlEnv).toBe('LOCAL_HOOK');
  const config = await load('{webhook_url_env: HOOK_URL, allowed_hosts: [hooks.example.org]}');
  expect(config.notify?.allowedHosts).toEqual(['hooks.example.org']);
  expect(JSON.stringify(freezeConfig(config))).not.toContain('secret-path');
});

it('a host of the webhook may get no text, and a host that texts may go to no notice', async () => {
  const { endpoint } = await load('{webhook_url_env: HOOK_URL, allowed_hosts: [hooks.example.org]}');
  expect(endpoint.allowedHosts).not.toContain('hooks.example.org');
  await expect(load('{webhook_url_env: HOOK_URL}', 'https://hooks.example.org')).rejects.toThrow(
    'Add it to notify.allowed_hosts',
  );
});

it('it is no part of the identity and is taken over, without the arguments of a command in what is told', async () => {
  const [before, after] = await Promise.all([
    load(''),
    load('{command: [/bin/tell, some-token], desktop: true}'),
  ]);
  const [was, is] = [
    freezeConfig(before),
    { ...freezeConfig(after), dataFile: freezeConfig(before).dataFile },
  ];
  const print = (frozen: typeof was) => fingerprintOf({ frozen, textsSha256: '0' });
  expect(print(is)).toBe(print(was));
  const taken = takeOverHarmless(
    { frozen: was, endpoint: before.endpoint },
    { frozen: is, endpoint: before.endpoint },
  );
  expect(taken.settings.frozen.notify).toEqual(after.notify);
  expect(taken.descriptive).toEqual([
    'notify: none -> command /bin/tell, desktop on completed, paused, waiting, failed (waiting: 10 min)',
  ]);
});
