/** Where a Temporal server elsewhere is, by Temporal's own environment variables and profile file. */
import { loadClientConnectConfig } from '@temporalio/envconfig';
import type { NativeConnectionOptions } from '@temporalio/worker';
import type { Environment } from '../config/environment';
import { TemporalUnavailableError } from '../errors';

/** A configured server elsewhere. */
export interface ClusterSettings {
  address: string;
  namespace: string;
  /** As Temporal's clients and workers take it, TLS and key included. */
  connectionOptions: NativeConnectionOptions;
}

/**
 * The server named by TEMPORAL_ADDRESS or by a profile of Temporal's config file; null = none, so that a server of our
 * own is started. Throws TemporalUnavailableError where the profile cannot be read.
 */
export function readClusterSettings(environment: Environment): ClusterSettings | null {
  const set = Object.entries(environment).filter((entry): entry is [string, string] => Boolean(entry[1]));
  try {
    const { connectionOptions, namespace } = loadClientConnectConfig({
      overrideEnvVars: Object.fromEntries(set),
    });
    const { address } = connectionOptions;
    return address ? { address, namespace: namespace ?? 'default', connectionOptions } : null;
  } catch (error) {
    throw new TemporalUnavailableError(
      `Temporal's connection settings cannot be read: ${(error as Error).message}. Mend the TEMPORAL_ variables or Temporal's config file.`,
      undefined,
      { cause: error },
    );
  }
}
