/** The Temporal server that a command works with: our own, somebody else's, or the one that an owner has started. */
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, type NativeConnectionOptions, TransportError } from '@temporalio/worker';
import type { Environment } from '../config/environment';
import { TemporalUnavailableError } from '../errors';
import type { ClusterSettings } from './cluster-settings';
import { type DevServer, type DevServerOptions, startDevServer } from './dev-server';
import { endStrayServers } from './end-stray-servers';
import { findTemporalCli } from './find-cli';
import { retryInterceptors } from './retry-interceptors';
import { putBack, setAside } from './set-aside';

const NAMESPACE = 'default';
/** A server that has not answered by then is taken to be down. */
const CONNECT_WITHIN_MS = 10_000;
const WORKER_CONNECT_TRIES = 40;
const CONNECT_AGAIN_AFTER_MS = 250;

/** A Temporal server to talk to and, with `openWorkerConnection`, to work for. */
export interface TemporalService {
  address: string;
  namespace: string;
  /** null = not known. */
  uiUrl: string | null;
  client: Client;
  openWorkerConnection(): Promise<NativeConnection>;
  /** Rejects with TemporalUnavailableError when a server of our own has ended for good; never resolves. */
  failed: Promise<never>;
  /** Closes the connection; ends the server if it is ours. */
  close(): Promise<void>;
}

/** Starts a server of our own for a results file that the caller owns. Throws TemporalUnavailableError. */
export async function startEmbedded(
  resultsFile: string,
  environment: Environment,
  onProgress: (message: string) => void,
): Promise<TemporalService> {
  const cliPath = await findTemporalCli({ environment, onProgress });
  const databaseFile = `${resultsFile}.temporal.db`;
  await endStrayServers(databaseFile);
  const failure = failureOf();
  const options: DevServerOptions = {
    cliPath,
    databaseFile,
    logFile: `${resultsFile}.temporal.log`,
    namespace: NAMESPACE,
    onUnexpectedExit: () => onProgress('The Temporal server ended unexpectedly; it is being restarted.'),
    onGivenUp: failure.reject,
  };
  const server = await startDevServer(options).catch((error: unknown) =>
    startWithoutDatabase(options, error, onProgress),
  );
  try {
    const service = await connectTo({ address: server.address }, NAMESPACE, server.uiUrl);
    return {
      ...service,
      failed: failure.promise,
      close: async () => {
        await service.close();
        await server.stop();
      },
    };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** A server that was killed while it made its database can never use it again. */
async function startWithoutDatabase(
  options: DevServerOptions,
  error: unknown,
  onProgress: (message: string) => void,
): Promise<DevServer> {
  const { databaseFile } = options;
  if (!(error instanceof TemporalUnavailableError) || !existsSync(databaseFile)) throw error;
  const aside = setAside(databaseFile);
  try {
    const server = await startDevServer(options);
    onProgress(`Temporal's database could not be used: it is ${aside} now, and nothing is lost.`);
    return server;
  } catch {
    putBack(databaseFile);
    throw error;
  }
}

/** Connects to a server elsewhere. Throws TemporalUnavailableError. */
export function connectToCluster({
  connectionOptions,
  namespace,
}: ClusterSettings): Promise<TemporalService> {
  return connectTo(connectionOptions, namespace, null);
}

/** Connects to the server that the owner of a results file has started. Throws TemporalUnavailableError. */
export function connectToOwner(address: string, uiUrl: string | null): Promise<TemporalService> {
  return connectTo({ address }, NAMESPACE, uiUrl);
}

async function connectTo(
  options: NativeConnectionOptions,
  namespace: string,
  uiUrl: string | null,
): Promise<TemporalService> {
  const address = options.address!;
  let isClosed = false;
  try {
    const connection = await Connection.connect({
      ...options,
      connectTimeout: CONNECT_WITHIN_MS,
      interceptors: retryInterceptors(() => isClosed),
    });
    return {
      address,
      namespace,
      uiUrl,
      client: new Client({ connection, namespace }),
      openWorkerConnection: () => connectWorker(options),
      failed: new Promise<never>(() => {}),
      close: () => {
        isClosed = true;
        return connection.close();
      },
    };
  } catch (error) {
    throw new TemporalUnavailableError(
      `The Temporal server at ${address} does not answer. Check that it runs and that TEMPORAL_ADDRESS is right.`,
      undefined,
      { cause: error },
    );
  }
}

/** Outlasts a restart of the server, as all other connections do. */
async function connectWorker(options: NativeConnectionOptions): Promise<NativeConnection> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await NativeConnection.connect(options);
    } catch (error) {
      if (!(error instanceof TransportError) || tries === WORKER_CONNECT_TRIES) throw error;
      await sleep(CONNECT_AGAIN_AFTER_MS);
    }
  }
}

function failureOf(): { promise: Promise<never>; reject: (error: TemporalUnavailableError) => void } {
  let reject!: (error: TemporalUnavailableError) => void;
  const promise = new Promise<never>((_resolve, rejectPromise) => (reject = rejectPromise));
  promise.catch(() => {}); // it may fail before or after anybody waits for it
  return { promise, reject };
}
