/** Checks the `notify` section against the environment. No URL is shown: it may be a secret. */
import { HostNotAllowedError } from '../errors';
import { checkHostAllowed } from './allowed-hosts';
import { checkHostEntries } from './check-endpoint';
import { getVariable, type Environment } from './environment';
import { reachOf } from './host-reach';
import { isGiven, textAt, type ConfigValues } from './prepare-values';
import type { ProblemList } from './problem-list';

const URL_KEY = ['notify', 'webhook_url_env'];

/** Adds a problem for a section that tells nobody, and for a webhook that cannot be posted to. */
export function checkNotify(
  values: ConfigValues,
  { environment, problems }: { environment: Environment; problems: ProblemList },
): void {
  if (values.notify === undefined) return;
  const channels = ['command', 'webhook_url_env', 'desktop'];
  if (!channels.some((key) => isGiven(values, 'notify', key)))
    problems.add(['notify'], `tells nobody: it needs ${channels.join(', ')} or several of them`);
  const allowedHosts = checkHostEntries(values, 'notify', problems);
  const variable = textAt(values, 'notify', 'webhook_url_env');
  if (variable === null || problems.has(URL_KEY)) return;
  const fault = findWebhookFault(getVariable(environment, variable), allowedHosts);
  if (fault !== null) problems.add(URL_KEY, fault);
}

/** Why a webhook cannot be posted to, and what to do; null = it can. */
export function findWebhookFault(url: string | undefined, allowedHosts: readonly string[]): string | null {
  if (url === undefined || url === '') return 'the environment variable is not set. Set it to the URL';
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url))
    return 'the environment variable holds no http or https URL';
  const parsed = new URL(url);
  if (parsed.protocol === 'http:' && reachOf(parsed) === 'public')
    return 'the URL must begin with https://: plain http goes only to this machine and private addresses';
  try {
    checkHostAllowed(url, allowedHosts);
    return null;
  } catch (error) {
    if (!(error instanceof HostNotAllowedError)) throw error;
    return (
      `the host of the URL, ${error.origin}, is neither on this machine nor allowed. ` +
      `Add it to notify.allowed_hosts`
    );
  }
}
