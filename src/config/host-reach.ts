/**
 * How far a host of a URL is away, told by its spelling alone: nothing is resolved. URL has already brought unusual
 * spellings such as 0x7f.1 into their plain form.
 */
import { BlockList, isIP } from 'node:net';

/** `never`: no text may go there, whatever is allowed. `private`: an address or name of a local network. */
export type HostReach = 'never' | 'loopback' | 'private' | 'public';

const NEVER = blockList(['169.254.169.254', '0.0.0.0', '::']);
const LOOPBACK = blockList(['127.0.0.0/8', '::1']);
const PRIVATE = blockList(['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7']);
/** Endings that public name servers do not serve. */
const LOCAL_NAME = /^[^.]+$|\.(?:local|lan|internal|localhost|home\.arpa)$/;

/** How far the host of a URL is away. */
export function reachOf({ hostname }: URL): HostReach {
  const host = hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) === 0) {
    if (host === 'localhost') return 'loopback';
    return LOCAL_NAME.test(host) ? 'private' : 'public';
  }
  if (isIn(NEVER, host)) return 'never';
  if (isIn(LOOPBACK, host)) return 'loopback';
  return isIn(PRIVATE, host) ? 'private' : 'public';
}

function blockList(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address, bits] = range.split('/') as [string, string | undefined];
    const family = familyOf(address);
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return list;
}

/** Also sees an IPv4 address that is wrapped into an IPv6 one. */
function isIn(list: BlockList, address: string): boolean {
  return list.check(address, familyOf(address));
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4';
}
