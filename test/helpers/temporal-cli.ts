import { findTemporalCli } from '../../src/temporal/find-cli';

/** Path of the Temporal CLI for tests; fetched or built on the first use on a machine. */
export function temporalCliPath(): Promise<string> {
  return findTemporalCli({
    environment: process.env,
    onProgress: (message) => process.stderr.write(`${message}\n`),
  });
}
