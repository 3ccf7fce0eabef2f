import type { Socket } from 'node:net';
import type { buildConnector } from 'undici';

/** Connects to the URL's host and closes at once; nothing is sent. Throws what the connector or the signal gives. */
export async function probeConnection(
  connect: buildConnector.connector,
  url: URL,
  signal?: AbortSignal,
): Promise<void> {
  signal?.throwIfAborted();
  const hostname = url.hostname.replace(/^\[|\]$/g, '');
  await new Promise<void>((resolve, reject) => {
    const onAbort = () => reject(signal?.reason as Error);
    signal?.addEventListener('abort', onAbort, { once: true });
    connect({ hostname, host: url.host, protocol: url.protocol, port: url.port }, (error, socket) => {
      signal?.removeEventListener('abort', onAbort);
      if (error !== null) return reject(error);
      closeQuietly(socket);
      resolve();
    });
  });
}

function closeQuietly(socket: Socket): void {
  socket.on('error', () => undefined).destroy();
}
