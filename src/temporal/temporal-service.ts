/** The Temporal server that a command works with: our own, somebody else's, or the one that an owner has started. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, type NativeConnectionOptions, TransportError } from '@temporalio/worker';
import { TemporalUnavailableError } from '../errors';
import type { ClusterSettings } from './cluster-settings';
import { retryInterceptors } from './retry-interceptors';
import { registerSearchAttributes } from './search-attributes';

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
  /** Makes the columns for experiments known to its list of workflows; false = they cannot be used there. */
  registerSearchAttributes(): Promise<boolean>;
  /** Rejects with TemporalUnavailableError when a server of our own has ended for good; never resolves. */
  failed: Promise<never>;
  /** Closes the connection; ends the server if it is ours. */
  close(): Promise<void>;
}

/** Connects to a server elsewhere. Throws TemporalUnavailableError. */
export function connectToCluster({
  connectionOptions,
  namespace,
}: ClusterSettings): Promise<TemporalService> {
  return connectTo(connectionOptions, namespace, null);
}

/** Connects to the server that the owner of a results file has started, to itself too. Throws TemporalUnavailableError. */
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
      registerSearchAttributes: () => registerSearchAttributes(connection, namespace),
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
