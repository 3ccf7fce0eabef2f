/** Checks where the calls go: the URL of the chat completions, the hosts that are allowed, and the key's variable. */
import { describeForbidden, isAllowedHostEntry, splitAllowedHosts } from './allowed-hosts';
import { getVariable, type Environment } from './environment';
import { reachOf } from './host-reach';
import { isGiven, textAt, type ConfigValues } from './prepare-values';
import type { ConfigPath, ProblemList } from './problem-list';
import type { Prompts } from './read-prompts';
import { isSecretName } from './secret-literals';

const API_URL = ['model', 'api_url'];
const ENTRY_FORMS = 'must be an origin such as https://llm.example.org:8443, or host or host:port';

/**
 * The full URLs of the chat completions, one for each server, or null with a problem added. LLM_API_URL counts where the
 * config names no server.
 */
export function checkApiUrls(
  values: ConfigValues,
  environment: Environment,
  problems: ProblemList,
): string[] | null {
  const several = (values.model as ConfigValues | undefined)?.endpoints;
  if (several === undefined) {
    const url = checkApiUrl(values, environment, problems);
    return url === null ? null : [url];
  }
  if (isGiven(values, 'model', 'api_url')) {
    problems.add(API_URL, 'must not stand beside model.endpoints: list this server there, too');
    return null;
  }
  const listed: unknown[] = Array.isArray(several) ? several : [];
  const urls = listed.map((written, index) =>
    typeof written === 'string'
      ? checkUrl(['model', 'endpoints', index], written, { from: '', problems })
      : null,
  );
  const origins = urls.flatMap((url) => (url === null ? [] : [new URL(url).origin]));
  origins.forEach((origin, index) => {
    if (origins.indexOf(origin) !== index)
      problems.add(['model', 'endpoints', index], `${origin} is listed twice`);
  });
  return urls.length > 0 && urls.every((url) => url !== null) ? urls : null;
}

function checkApiUrl(values: ConfigValues, environment: Environment, problems: ProblemList): string | null {
  const isWritten = isGiven(values, 'model', 'api_url');
  const written = isWritten ? textAt(values, 'model', 'api_url') : environment.LLM_API_URL || null;
  if (written !== null)
    return checkUrl(API_URL, written, { from: isWritten ? '' : '(from LLM_API_URL) ', problems });
  if (!isWritten && values.model !== undefined) problems.add(API_URL, MISSING_URL);
  return null;
}

/** What could not be expanded or looks like a key has its problem already. */
function checkUrl(
  path: ConfigPath,
  written: string,
  { from, problems }: { from: string; problems: ProblemList },
): string | null {
  const fault = URL.canParse(written) ? findFault(new URL(written)) : 'is not a URL';
  if (fault === null) return completeUrl(new URL(written));
  if (!problems.has(path)) problems.add(path, `${from}${fault}`);
  return null;
}

const MISSING_URL =
  'is required: the URL of the model server, such as http://localhost:1234/v1/chat/completions, here or in the environment variable LLM_API_URL';

/** What is wrong with a URL; the URL itself is not shown, it may hold a key. */
function findFault(url: URL): string | null {
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return 'must begin with http:// or https://';
  if (url.username !== '' || url.password !== '') {
    return 'must hold no user name or password. A key comes from the environment: model.api_key_env';
  }
  if ([...url.searchParams.keys()].some(isSecretName)) {
    return 'must hold no key. It comes from the environment: model.api_key_env';
  }
  const reach = reachOf(url);
  if (reach === 'never') return describeForbidden(url.origin);
  if (url.protocol === 'http:' && reach === 'public') {
    return 'must begin with https://: plain http, which anybody on the way can read, goes only to this machine and private addresses';
  }
  return null;
}

/** A base URL that ends in /v1 stands for the chat completions below it. */
function completeUrl(url: URL): string {
  if (/\/v1\/?$/.test(url.pathname)) url.pathname = url.pathname.replace(/\/?$/, '/chat/completions');
  url.hash = '';
  return url.href;
}

/** The entries of model.allowed_hosts and LONGHAUL_ALLOWED_HOSTS; unusable ones become problems. */
export function checkAllowedHosts(
  values: ConfigValues,
  environment: Environment,
  problems: ProblemList,
): string[] {
  const written = checkHostEntries(values, 'model', problems);
  const added = splitAllowedHosts(environment.LONGHAUL_ALLOWED_HOSTS);
  if (!added.every(isAllowedHostEntry)) problems.add(['LONGHAUL_ALLOWED_HOSTS'], `each entry ${ENTRY_FORMS}`);
  return [...written, ...added];
}

/** The entries of `allowed_hosts` of a section; unusable ones become problems. */
export function checkHostEntries(
  values: ConfigValues,
  section: 'model' | 'notify',
  problems: ProblemList,
): string[] {
  const listed = (values[section] as ConfigValues | undefined)?.allowed_hosts;
  const written: unknown[] = Array.isArray(listed) ? listed : [];
  written.forEach((entry, index) => {
    const path = [section, 'allowed_hosts', index];
    const isUsable = typeof entry !== 'string' || isAllowedHostEntry(entry);
    if (!isUsable && !problems.has(path)) problems.add(path, ENTRY_FORMS);
  });
  return written.filter((entry) => typeof entry === 'string');
}

/** Reports a variable that is named for the key but not set, and a key that reached the config by another way. */
export function checkApiKey(
  values: ConfigValues,
  prompts: Prompts,
  { environment, problems }: { environment: Environment; problems: ProblemList },
): void {
  const name = textAt(values, 'model', 'api_key_env');
  if (name === null || !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return;
  const key = getVariable(environment, name);
  if (key === undefined || key.trim() === '') {
    // A key pasted here by mistake would pass for a name; only what is spelt like one is shown.
    const shown = /^[A-Z][A-Z0-9_]{0,63}$/.test(name) ? name : 'that this names';
    problems.add(
      ['model', 'api_key_env'],
      `the environment variable ${shown} is not set. Set it to the server's key`,
    );
  } else if (key.length >= SHORTEST_KEY) {
    reportCopies(values, prompts, { key, problems });
  }
}

/** A shorter key is a placeholder such as "lm-studio" or "none", which may well stand elsewhere too. */
const SHORTEST_KEY = 12;

function reportCopies(
  values: ConfigValues,
  { systemPrompt, userTemplate }: Prompts,
  { key, problems }: { key: string; problems: ProblemList },
): void {
  const files = { prompt: { system_prompt_file: systemPrompt, user_template_file: userTemplate } };
  for (const [section, keys] of [...Object.entries(values), ...Object.entries(files)]) {
    for (const [name, value] of Object.entries((keys ?? {}) as ConfigValues)) {
      const isCopy = typeof value === 'string' && value.includes(key) && isGiven(values, section, name);
      if (!isCopy || problems.has([section, name])) continue;
      problems.add(
        [section, name],
        "holds the server's key, which must stand in no config. Remove the variable",
      );
    }
  }
}
