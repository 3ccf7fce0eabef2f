/** Writes a file whole or not at all: beside its place under another name, to the disk, then renamed. */
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ExportError } from './export-error';

const FLUSH_BYTES = 1 << 18;
const OWNER_ONLY = 0o600;

/** Takes the place of a file of the name. Throws ExportError; then the earlier file is as it was. */
export function writeWholeFile(file: string, chunks: Iterable<string | Buffer>): void {
  const parts = writeInParts(file, chunks);
  while (parts.next().done !== true);
}

/** The same, some of it with each step; given up before its end, it leaves nothing behind. */
export function* writeInParts(file: string, chunks: Iterable<string | Buffer>): Generator<void, void> {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    yield* writeAndRename(file, chunks);
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (code === undefined || syscall === undefined) throw error;
    throw new ExportError(
      file,
      `it cannot be written (${code})`,
      "Check the folder's permissions and free space, or name another file.",
      { cause: error },
    );
  }
}

function* writeAndRename(file: string, chunks: Iterable<string | Buffer>): Generator<void, void> {
  const temporary = join(dirname(file), `.${basename(file)}.${process.pid}.tmp`);
  const descriptor = openSync(temporary, 'w', OWNER_ONLY);
  let isWhole = false;
  try {
    try {
      for (const chunk of gather(chunks)) {
        writeAll(descriptor, chunk);
        yield;
      }
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, file);
    isWhole = true;
  } finally {
    if (!isWhole) rmSync(temporary, { force: true });
  }
}

function* gather(chunks: Iterable<string | Buffer>): Iterable<Buffer> {
  let waiting: Buffer[] = [];
  let bytes = 0;
  for (const chunk of chunks) {
    const buffer = typeof chunk === 'string' ? Buffer.from(chunk, 'utf8') : chunk;
    waiting.push(buffer);
    bytes += buffer.length;
    if (bytes < FLUSH_BYTES) continue;
    yield Buffer.concat(waiting);
    [waiting, bytes] = [[], 0];
  }
  yield Buffer.concat(waiting);
}

function writeAll(descriptor: number, chunk: Buffer): void {
  for (let written = 0; written < chunk.length;) {
    written += writeSync(descriptor, chunk, written);
  }
}
