import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { freePort } from '../../src/temporal/free-port';

it('freePort gives the preferred port where nobody listens on it', async () => {
  const port = await freePort();
  expect(port).toBeGreaterThan(0);
  expect(await freePort(port)).toBe(port);
});

it('freePort gives another port where the preferred one is taken', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port: taken } = server.address() as AddressInfo;
  const port = await freePort(taken);
  expect(port).not.toBe(taken);
  expect(await freePort(port)).toBe(port);
  server.close();
});
