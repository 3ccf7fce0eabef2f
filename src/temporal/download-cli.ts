/** Downloads the official build of the Temporal CLI into the cache. TLS protects the transfer; no checksum is published. */
import { spawnSync } from 'node:child_process';
import { createWriteStream, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Agent, interceptors, request, type Dispatcher } from 'undici';

const CONNECT_TIMEOUT_MS = 10_000;

/** Fetches, unpacks, tries and only then moves the CLI to `target`. Throws an Error that says in few words why not. */
export async function downloadCli(
  target: string,
  version: string,
  baseUrl: string,
  onProgress: (message: string) => void,
): Promise<void> {
  const dispatcher = new Agent({ connect: { timeout: CONNECT_TIMEOUT_MS } }).compose(
    interceptors.redirect({ maxRedirections: 5 }),
  );
  mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
  const folder = mkdtempSync(`${target}.`);
  try {
    const { archiveUrl, fileToExtract } = await findArchive(version, baseUrl, dispatcher);
    onProgress(`Downloading the Temporal CLI ${version} (once, about 40 MB) ...`);
    const archive = join(folder, 'cli.tar.gz');
    await fetchFile(archiveUrl, archive, dispatcher, onProgress);
    const { status } = spawnSync('tar', ['-xzf', archive, '-C', folder, fileToExtract], { stdio: 'ignore' });
    if (status !== 0) throw new Error('the archive cannot be unpacked');
    const cli = join(folder, fileToExtract);
    if (spawnSync(cli, ['--version'], { stdio: 'ignore' }).status !== 0)
      throw new Error('the CLI does not run');
    renameSync(cli, target);
  } catch (error) {
    throw new Error(`download: ${reasonOf(error)}`, { cause: error });
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await dispatcher.close();
  }
}

async function findArchive(version: string, baseUrl: string, dispatcher: Dispatcher) {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const arch = process.arch === 'x64' ? 'amd64' : process.arch;
  const url = `${baseUrl}/v${version}?platform=${platform}&arch=${arch}&format=tar.gz`;
  const { statusCode, body } = await request(url, { dispatcher });
  if (statusCode !== 200) throw new Error(`HTTP ${statusCode}`);
  return (await body.json()) as { archiveUrl: string; fileToExtract: string };
}

async function fetchFile(
  url: string,
  file: string,
  dispatcher: Dispatcher,
  onProgress: (message: string) => void,
): Promise<void> {
  const { statusCode, body, headers } = await request(url, { dispatcher });
  if (statusCode !== 200) throw new Error(`HTTP ${statusCode}`);
  const total = Number(headers['content-length'] ?? 0);
  let [received, told] = [0, 0];
  body.on('data', (chunk: Buffer) => {
    received += chunk.length;
    const percent = total === 0 ? 0 : Math.floor((10 * received) / total) * 10;
    if (percent > told) onProgress(`  ${percent} %`);
    told = Math.max(told, percent);
  });
  await pipeline(body, createWriteStream(file, { mode: 0o600 }));
}

function reasonOf(error: unknown): string {
  const { code, message } = error as { code?: string; message: string };
  return code ?? message;
}
