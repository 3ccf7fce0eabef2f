import { existsSync } from 'node:fs';
import path from 'node:path';
import { temporalCliPath } from './temporal-cli';

/** Files that tests run; the build makes the bundle last. */
const BUILT = ['dist/client.js', 'dist/temporal/workflow-bundle.js'];

/** Before all tests: the program is built and the Temporal CLI is at hand, so that no test waits for either. */
export default async function globalSetup(): Promise<void> {
  const missing = BUILT.find((file) => !existsSync(path.join(__dirname, '../..', file)));
  if (missing !== undefined)
    throw new Error(`${missing} is missing: run "npm run build" first, or "npm test" for everything.`);
  process.env.TEMPORAL_CLI_PATH = await temporalCliPath();
}
