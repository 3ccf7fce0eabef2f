/** Where a program listens for those who look at it. */

export interface ListenAddress {
  host: string;
  port: number;
}

const LOOPBACK = '127.0.0.1';

/** Reads `host:port`, `:port` or `port`, on loopback where no host is written; null = it is none of them. */
export function parseListenAddress(text: string): ListenAddress | null {
  const match = /^(?:(?:\[([0-9a-fA-F:]+)\]|([A-Za-z0-9.-]*)):)?(\d{1,5})$/.exec(text.trim());
  if (match === null) return null;
  const [, ipv6, name, digits] = match;
  const port = Number(digits);
  if (port < 1 || port > 65_535) return null;
  return { host: ipv6 ?? (name === undefined || name === '' ? LOOPBACK : name), port };
}

/** As others write it. */
export function formatListenAddress({ host, port }: ListenAddress): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
