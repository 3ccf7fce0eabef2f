/**
 * The port of the simulated server: opened, shut as if the process had died, and opened again on the same port. Where
 * it has a certificate, a connection that begins with TLS gets TLS; the others get plain HTTP all the same.
 */
import { once } from 'node:events';
import type { Server as HttpServer } from 'node:http';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:tls';

const LOOPBACK = '127.0.0.1';
/** First byte of a TLS handshake. */
const TLS_HANDSHAKE = 0x16;

export class FrontDoor {
  private readonly sockets = new Set<Socket>();
  private readonly tls: TlsServer | null;
  private listener: Server | null = null;
  private isKept = true;

  constructor(
    private readonly http: HttpServer,
    certificate: { key: string; cert: string } | null,
  ) {
    this.tls = certificate && createTlsServer(certificate, (socket) => http.emit('connection', socket));
    this.tls?.on('tlsClientError', () => undefined);
  }

  /** Resolves with the port once connections are accepted; 0 = any free port. Throws the system's error. */
  async open(port: number): Promise<number> {
    const listener = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => this.admit(socket));
    listener.listen(port, LOOPBACK);
    await once(listener, 'listening');
    if (this.isKept) this.listener = listener;
    else listener.close();
    return (listener.address() as AddressInfo).port;
  }

  /** The same on a port that was ours, which another may hold for a moment; gives up when shut for good. */
  async reopen(port: number): Promise<void> {
    while (this.isKept) {
      try {
        await this.open(port);
        return;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  }

  /** Accepts no more connections and cuts those there are. */
  async shut(): Promise<void> {
    const { listener } = this;
    this.listener = null;
    const freed = listener && new Promise((resolve) => listener.close(resolve));
    for (const socket of this.sockets) socket.destroy();
    await freed;
  }

  /** Shuts and never reopens. */
  async shutForGood(): Promise<void> {
    this.isKept = false;
    await this.shut();
  }

  private admit(socket: Socket): void {
    this.sockets.add(socket);
    socket.once('close', () => this.sockets.delete(socket));
    const { tls } = this;
    if (tls === null) {
      this.http.emit('connection', socket);
      return;
    }
    socket.on('error', () => undefined);
    socket.once('data', (bytes: Buffer) => {
      socket.pause();
      socket.unshift(bytes);
      (bytes[0] === TLS_HANDSHAKE ? tls : this.http).emit('connection', socket);
      process.nextTick(() => socket.resume());
    });
  }
}
