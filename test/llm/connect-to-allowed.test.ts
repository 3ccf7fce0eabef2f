import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { Client } from 'undici';
import { connectToAllowed, isAddressAllowed, isLoopbackUrl } from '../../src/llm/connect-to-allowed';

describe('isLoopbackUrl', () => {
  it.each([
    ['http://localhost:1234/v1', true],
    ['http://model.localhost/v1', true],
    ['http://127.0.0.1:1234', true],
    ['http://127.9.9.9', true],
    ['http://0x7f.1', true],
    ['http://[::1]:8080', true],
    ['http://[::ffff:127.0.0.1]', true],
    ['http://0.0.0.0', false],
    ['http://[::]', false],
    ['http://192.168.1.5', false],
    ['http://localhost.example.org', false],
    ['http://127.0.0.1.example.org', false],
  ])('says of %s: %s', (url, expected) => {
    expect(isLoopbackUrl(new URL(url))).toBe(expected);
  });
});

describe('isAddressAllowed', () => {
  it.each([
    ['127.0.0.1', true, true],
    ['127.1.2.3', true, true],
    ['::1', true, true],
    ['::ffff:127.0.0.1', true, true],
    ['192.168.1.5', true, false],
    ['::ffff:10.0.0.1', true, false],
    ['fe80::1%eth0', true, false],
    ['fe80::1%eth0', false, true],
    ['192.168.1.5', false, true],
    ['8.8.8.8', false, true],
    ['2001:db8::1', false, true],
    ['169.254.169.254', false, false],
    ['::ffff:169.254.169.254', false, false],
    ['169.254.169.254', true, false],
    ['nonsense', false, false],
  ])('says of %s (loopback only: %s): %s', (address, loopbackOnly, expected) => {
    expect(isAddressAllowed(address, loopbackOnly)).toBe(expected);
  });
});

describe('connectToAllowed', () => {
  it('closes a connection to an address that is not allowed before a byte is sent', async () => {
    const received: Buffer[] = [];
    const server = createServer((socket: Socket) => {
      socket.on('data', (bytes) => received.push(bytes)).on('error', () => undefined);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const asked: string[] = [];
    const connect = connectToAllowed((address) => asked.push(address) === 0);
    const client = new Client(`http://localhost:${(server.address() as AddressInfo).port}`, { connect });
    const closed = once(server, 'connection').then(([socket]) => once(socket as Socket, 'close'));
    const request = client.request({ method: 'POST', path: '/', body: 'a text' });
    await expect(request).rejects.toMatchObject({ code: 'ADDRESS_NOT_ALLOWED' });
    await closed;
    expect(asked).toEqual(['127.0.0.1']);
    expect(received).toEqual([]);
    await client.destroy();
    server.close();
    await once(server, 'close');
  });
});
