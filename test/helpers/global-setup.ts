/** Before all tests: the program is built and the Temporal CLI is at hand, so that no test waits for either. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findTemporalCli } from '../../src/temporal/find-cli';

export default async function globalSetup(): Promise<void> {
  if (!existsSync(join(__dirname, '../../dist/temporal/workflow-bundle.js'))) {
    throw new Error(
      'dist/ is missing or incomplete: run `npm run build` first, or `npm test` for everything',
    );
  }
  process.env.TEMPORAL_CLI_PATH = await findTemporalCli({
    environment: process.env,
    onProgress: (message) => process.stderr.write(`${message}\n`),
  });
}
