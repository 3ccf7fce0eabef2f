/** A Temporal server of our own for a results file, with a connection to it. Temporal's libraries load meanwhile. */
import { existsSync } from 'node:fs';
import type { Environment } from '../config/environment';
import { TemporalUnavailableError } from '../errors';
import { type DevServer, type DevServerOptions, startDevServer } from './dev-server';
import { endStrayServers } from './end-stray-servers';
import { findTemporalCli } from './find-cli';
import { putBack, setAside } from './set-aside';
import type { TemporalService } from './temporal-service';

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
    namespace: 'default',
    whileStarting: loadLibraries,
    onUnexpectedExit: () => onProgress('The Temporal server ended unexpectedly; it is being restarted.'),
    onGivenUp: failure.reject,
  };
  const server = await startDevServer(options).catch((error: unknown) =>
    startWithoutDatabase(options, error, onProgress),
  );
  try {
    const { connectToOwner } = await import('./temporal-service.js');
    const service = await connectToOwner(server.address, server.uiUrl);
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

/** What is needed next: on two cores it loads beside the start of the server. */
async function loadLibraries(): Promise<void> {
  await import('./temporal-service.js');
  await import('./run-worker.js');
}

function failureOf(): { promise: Promise<never>; reject: (error: TemporalUnavailableError) => void } {
  let reject!: (error: TemporalUnavailableError) => void;
  const promise = new Promise<never>((_resolve, rejectPromise) => (reject = rejectPromise));
  promise.catch(() => {}); // it may fail before or after anybody waits for it
  return { promise, reject };
}
