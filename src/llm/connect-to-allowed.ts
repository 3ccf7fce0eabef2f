/**
 * Opens connections only to addresses that a text may go to. The address that was really reached is checked, before a
 * byte is sent: names and unusual spellings of addresses can lead anywhere.
 */
import { BlockList, isIP, type Socket } from 'node:net';
import { buildConnector } from 'undici';

const CONNECT_TIMEOUT_MS = 10_000;

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** Where clouds serve credentials to whoever asks from inside. */
const NEVER = new BlockList();
NEVER.addAddress('169.254.169.254', 'ipv4');

/** Thrown when a connection reached an address that texts must not go to; the connection is closed unused. */
export class AddressNotAllowedError extends Error {
  readonly code = 'ADDRESS_NOT_ALLOWED';

  constructor() {
    super('the host leads to an address that is not allowed');
    this.name = 'AddressNotAllowedError';
  }
}

/** Whether the URL's host names this machine; its connections must then reach a loopback address. */
export function isLoopbackUrl(url: URL): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return host === 'localhost' || host.endsWith('.localhost') || isIn(LOOPBACK, host);
}

/** Whether a connection may be used that reached this address. */
export function isAddressAllowed(address: string, loopbackOnly: boolean): boolean {
  if (isIP(address) === 0 || isIn(NEVER, address)) return false;
  return !loopbackOnly || isIn(LOOPBACK, address);
}

/** A connector for undici that gives only connections whose address passes; AddressNotAllowedError otherwise. */
export function connectToAllowed(isAllowed: (address: string) => boolean): buildConnector.connector {
  const connect = buildConnector({ timeout: CONNECT_TIMEOUT_MS });
  return (options, callback) => {
    connect(options, (error, socket) => {
      if (error !== null) return callback(error, null);
      const refusal = refuse(socket, isAllowed);
      if (refusal === null) return callback(null, socket);
      socket.on('error', () => undefined).destroy();
      callback(refusal, null);
    });
  };
}

function refuse(socket: Socket, isAllowed: (address: string) => boolean): Error | null {
  const address = socket.remoteAddress;
  if (address === undefined) return Object.assign(new Error('closed at once'), { code: 'ECONNRESET' });
  return isAllowed(address) ? null : new AddressNotAllowedError();
}

function isIn(list: BlockList, address: string): boolean {
  const bare = address.replace(/%.*$/, '');
  const family = isIP(bare);
  return family !== 0 && list.check(bare, family === 6 ? 'ipv6' : 'ipv4');
}
