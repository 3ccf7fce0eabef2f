/** The Temporal server that a command works with: our own, started as a child beside the results file. */
import { Client, Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import type { Environment } from '../config/environment';
import { startDevServer } from './dev-server';
import { findTemporalCli } from './find-cli';

const NAMESPACE = 'default';

/** A Temporal server to talk to and, with `openWorkerConnection`, to work for. */
export interface TemporalService {
  address: string;
  namespace: string;
  uiUrl: string;
  client: Client;
  openWorkerConnection(): Promise<NativeConnection>;
  /** Closes the connection; ends the server if it is ours. */
  close(): Promise<void>;
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
    namespace: NAMESPACE,
    onUnexpectedExit: () => onProgress('The Temporal server ended unexpectedly; it is being restarted.'),
  });
  const { address } = server;
  try {
    const connection = await Connection.connect({ address });
    return {
      address,
      namespace: NAMESPACE,
      uiUrl: server.uiUrl,
      client: new Client({ connection, namespace: NAMESPACE }),
      openWorkerConnection: () => NativeConnection.connect({ address }),
      close: async () => {
        await connection.close();
        await server.stop();
      },
    };
  } catch (error) {
    await server.stop();
    throw error;
  }
}
