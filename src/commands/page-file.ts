/** Where a page goes. */
import { resolve } from 'node:path';
import { expandHome } from '../config/home-folder';
import type { CommandContext } from './command-context';
import { assertNotOurs } from './export';

/** The absolute path. Throws ExportError where the results themselves are kept. */
export function pageFile(
  { workingDirectory, environment, resultsFile }: CommandContext,
  path: string,
): string {
  const file = resolve(workingDirectory, expandHome(path, environment));
  assertNotOurs(file, resultsFile);
  return file;
}
