/** Downloads the official build of the Temporal CLI. Only TLS protects the transfer: no checksum of it is published. */
import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { Agent, interceptors, request, type Dispatcher } from 'undici';
import { z } from 'zod';

/** Short, so that a machine without internet goes on to the next way soon. */
const CONNECT_TIMEOUT_MS = 10_000;
/** Longest silence of the server. */
const SILENCE_TIMEOUT_MS = 60_000;
const MAX_REDIRECTIONS = 5;
const PERCENT_STEP = 10;

const ArchiveSchema = z.object({
  archiveUrl: z.url({ protocol: /^https?$/ }),
  fileToExtract: z.string().regex(/^\w[\w.-]*$/, 'not a plain file name'),
});
type Archive = z.infer<typeof ArchiveSchema>;

/** Downloads and unpacks the CLI into `folder`; gives its path. Throws Error. */
export async function downloadCli(
  folder: string,
  version: string,
  baseUrl: string,
  onProgress: (message: string) => void,
): Promise<string> {
  const agent = new Agent({
    connect: { timeout: CONNECT_TIMEOUT_MS },
    headersTimeout: SILENCE_TIMEOUT_MS,
    bodyTimeout: SILENCE_TIMEOUT_MS,
  });
  try {
    const { archiveUrl, fileToExtract } = await findArchive(version, baseUrl, agent);
    onProgress(`Downloading the Temporal CLI ${version}; this happens once.`);
    const archiveFile = join(folder, 'archive.tar.gz');
    await saveArchive(archiveUrl, archiveFile, agent, onProgress);
    await promisify(execFile)('tar', ['-xzf', archiveFile, '-C', folder, fileToExtract]).catch(
      (cause: unknown) => {
        throw new Error('tar cannot unpack it', { cause });
      },
    );
    return join(folder, fileToExtract);
  } finally {
    await agent.destroy();
  }
}

async function findArchive(version: string, baseUrl: string, agent: Agent): Promise<Archive> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const arch = process.arch === 'x64' ? 'amd64' : process.arch;
  const url = `${baseUrl}/v${version}?platform=${platform}&arch=${arch}&format=tar.gz`;
  const { statusCode, body } = await request(url, { dispatcher: agent });
  if (statusCode !== 200) throw new Error(`HTTP ${statusCode}`);
  const archive = ArchiveSchema.safeParse(await body.json().catch(() => null));
  if (!archive.success) throw new Error('the server does not say where the archive is');
  return archive.data;
}

async function saveArchive(
  url: string,
  file: string,
  agent: Agent,
  onProgress: (message: string) => void,
): Promise<void> {
  const dispatcher: Dispatcher = agent.compose(interceptors.redirect({ maxRedirections: MAX_REDIRECTIONS }));
  const { statusCode, headers, body } = await request(url, { dispatcher });
  if (statusCode !== 200) throw new Error(`HTTP ${statusCode} for the archive`);
  const totalBytes = Number(headers['content-length'] ?? 0);
  let receivedBytes = 0;
  let nextPercent = PERCENT_STEP;
  body.on('data', (chunk: Buffer) => {
    receivedBytes += chunk.length;
    const percent = totalBytes === 0 ? 0 : Math.floor((100 * receivedBytes) / totalBytes);
    if (percent < nextPercent) return;
    onProgress(`Downloading the Temporal CLI: ${percent} %`);
    nextPercent = percent - (percent % PERCENT_STEP) + PERCENT_STEP;
  });
  await pipeline(body, createWriteStream(file));
}
