/**
 * The Temporal server that a command works with: the one that the environment or Temporal's own config file names, or
 * else a server of our own, started as a child beside the results file.
 */
import { Client, Connection, type ConnectionOptions } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { NativeConnection, type NativeConnectionOptions } from '@temporalio/worker';
import type { Environment } from '../config/environment';
import { TemporalUnavailableError } from '../errors';
import { startDevServer } from './dev-server';
import { findTemporalCli } from './find-cli';

/** A Temporal server to talk to and, with `openWorkerConnection`, to work for. */
export interface TemporalService {
  address: string;
  namespace: string;
  /** null = not known (a server elsewhere). */
  uiUrl: string | null;
  client: Client;
  openWorkerConnection(): Promise<NativeConnection>;
  /** Closes the connection; ends the server if it is ours. */
  close(): Promise<void>;
}

/** A configured server elsewhere. */
export interface ClusterConfig {
  address: string;
  namespace: string;
  connectionOptions: ConnectionOptions;
}

/** The server that `TEMPORAL_ADDRESS` or a profile of Temporal's config file names; null = none. */
export function clusterConfig(environment: Environment): ClusterConfig | null {
  const overrideEnvVars = Object.fromEntries(
    Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  const { connectionOptions, namespace } = loadClientConnectConfig({ overrideEnvVars });
  if (connectionOptions.address === undefined) return null;
  return { address: connectionOptions.address, namespace: namespace ?? 'default', connectionOptions };
}

/** Connects to a server elsewhere. Throws TemporalUnavailableError when it does not answer. */
export async function connectToCluster(cluster: ClusterConfig): Promise<TemporalService> {
  try {
    return await connect(cluster, null, async () => {});
  } catch (error) {
    throw new TemporalUnavailableError(
      `The Temporal server at ${cluster.address} does not answer. Start it, or unset TEMPORAL_ADDRESS to use a local one.`,
      undefined,
      { cause: error },
    );
  }
}

/** Starts a server of our own for a results file. Throws TemporalUnavailableError. */
export async function startEmbedded(
  resultsFile: string,
  environment: Environment,
  onProgress: (message: string) => void,
): Promise<TemporalService> {
  const cliPath = await findTemporalCli({ environment, onProgress });
  const server = await startDevServer({
    cliPath,
    databaseFile: `${resultsFile}.temporal.db`,
    logFile: `${resultsFile}.temporal.log`,
    namespace: 'default',
    onUnexpectedExit: () => onProgress('The Temporal server ended unexpectedly; it is being restarted.'),
  });
  const { address } = server;
  try {
    const cluster = { address, namespace: 'default', connectionOptions: { address } };
    return await connect(cluster, server.uiUrl, () => server.stop());
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function connect(
  { address, namespace, connectionOptions }: ClusterConfig,
  uiUrl: string | null,
  stopServer: () => Promise<void>,
): Promise<TemporalService> {
  const connection = await Connection.connect(connectionOptions);
  return {
    address,
    namespace,
    uiUrl,
    client: new Client({ connection, namespace }),
    openWorkerConnection: () => NativeConnection.connect(connectionOptions as NativeConnectionOptions),
    close: async () => {
      await connection.close();
      await stopServer();
    },
  };
}
