/**
 * Decides whether texts may go to a host. This machine is always allowed, anything else only when it is listed, and
 * the addresses where clouds serve credentials never. The HTTP client checks the connected address once more.
 */
import { HostNotAllowedError } from '../errors';
import { reachOf } from './host-reach';

/** Thrown for hosts that no list can allow. */
export class HostForbiddenError extends HostNotAllowedError {
  constructor(origin: string) {
    super(origin);
    this.message = `${describeForbidden(origin)} Set model.api_url to the address of the model server.`;
  }
}

/** Why a host is never asked. */
export function describeForbidden(origin: string): string {
  return `${origin} is never asked: no model server is there, and it cannot be allowed.`;
}

/** Throws HostNotAllowedError unless the URL's host is this machine or listed: as an origin, a host, or a host:port. */
export function checkHostAllowed(apiUrl: string, allowedOrigins: readonly string[]): void {
  const url = new URL(apiUrl);
  const reach = reachOf(url);
  if (reach === 'never') throw new HostForbiddenError(url.origin);
  if (reach === 'loopback') return;
  const isListed = allowedOrigins.map(parseAllowedHost).some((allowed) => allowed?.(url));
  if (!isListed) throw new HostNotAllowedError(url.origin);
}

/** Whether an entry of a list of allowed hosts is an origin, a host or a host:port. */
export function isAllowedHostEntry(entry: string): boolean {
  return parseAllowedHost(entry) !== null;
}

/** The entries of a comma-separated list, such as LONGHAUL_ALLOWED_HOSTS holds. */
export function splitAllowedHosts(list: string | undefined): string[] {
  return (list ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

/** Makes the test that an entry stands for; null = the entry is none of the three forms. */
function parseAllowedHost(entry: string): ((url: URL) => boolean) | null {
  if (entry.includes('://')) {
    const url = parseBareUrl(entry);
    return url === null ? null : ({ origin }) => origin === url.origin;
  }
  const url = parseBareUrl(`http://${entry}`);
  if (url === null) return null;
  const port = /:(\d+)$/.exec(entry)?.[1];
  return (other) =>
    other.hostname === url.hostname && (port === undefined || Number(portOf(other)) === Number(port));
}

/** A URL that is nothing but scheme, host and port. */
function parseBareUrl(text: string): URL | null {
  if (/[\s*]/.test(text) || !URL.canParse(text)) return null;
  const url = new URL(text);
  const isWeb = url.protocol === 'http:' || url.protocol === 'https:';
  const isBare = url.href === `${url.origin}/` && !/[?#]$/.test(text);
  return isWeb && isBare ? url : null;
}

function portOf({ port, protocol }: URL): string {
  return port || (protocol === 'https:' ? '443' : '80');
}
