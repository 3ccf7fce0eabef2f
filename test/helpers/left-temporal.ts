/** A Temporal server on the database that a client has left behind. */
import { existsSync } from 'node:fs';
import { Client, Connection } from '@temporalio/client';
import { startDevServer } from '../../src/temporal/dev-server';

const WITHIN_MS = 30_000;

/** Starts it for as long as the work takes; null = there is no such database. */
export async function withLeftTemporal<T>(
  { databaseFile, logFile }: { databaseFile: string; logFile: string },
  work: (client: Client) => Promise<T>,
): Promise<T | null> {
  if (!existsSync(databaseFile)) return null;
  const cliPath = process.env.TEMPORAL_CLI_PATH!;
  const server = await startDevServer({ cliPath, databaseFile, logFile, namespace: 'default' });
  try {
    const connection = await Connection.connect({ address: server.address, connectTimeout: WITHIN_MS });
    try {
      return await work(new Client({ connection }));
    } finally {
      await connection.close();
    }
  } finally {
    await server.stop();
  }
}
