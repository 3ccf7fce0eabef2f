/** The version of the program, as package.json has it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Version of this program, such as 0.1.0. Throws when the installation is broken. */
export function readVersion(): string {
  const manifest = JSON.parse(readFileSync(join(__dirname, '../package.json'), 'utf8')) as {
    version: string;
  };
  return manifest.version;
}
