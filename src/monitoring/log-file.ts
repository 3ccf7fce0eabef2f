/**
 * A file of JSON lines that is bounded in size: full, it becomes `.1` and a new one begins. Lines are written in the
 * background; a disk that cannot take them costs lines, which are counted, and holds up nobody.
 */
import { appendFile, mkdir, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** How much a log may hold; tests give less. */
export interface LogBounds {
  /** Of one file. */
  maxBytes: number;
  /** Full files that are kept beside the one being written. */
  keep: number;
  /** Of lines that wait to be written. */
  maxWaitingBytes: number;
}

const BOUNDS: LogBounds = { maxBytes: 10 * 2 ** 20, keep: 4, maxWaitingBytes: 2 ** 20 };

export class LogFile {
  private waiting: string[] = [];
  private waitingBytes = 0;
  private lost = 0;
  /** The last write may have left half a line. */
  private isTorn = false;
  private isInTrouble = false;
  private writing: Promise<void> = Promise.resolve();

  /** `onTrouble` is told the code of what went wrong, once until a write succeeds again. */
  constructor(
    readonly path: string,
    private readonly onTrouble: (code: string) => void,
    private readonly bounds: LogBounds = BOUNDS,
  ) {}

  /** Adds a line; it is written by the next flush. */
  add(facts: object): void {
    const line = `${JSON.stringify(facts)}\n`;
    if (this.waitingBytes + line.length > this.bounds.maxWaitingBytes) {
      this.lost += 1;
      return;
    }
    this.waiting.push(line);
    this.waitingBytes += line.length;
  }

  /** Writes what waits; resolves when that has been tried. Never rejects. */
  flush(): Promise<void> {
    this.writing = this.writing.then(() => this.write());
    return this.writing;
  }

  private async write(): Promise<void> {
    if (this.waiting.length === 0) return;
    const lines = this.waiting;
    if (this.lost > 0)
      lines.push(`${JSON.stringify({ at: new Date().toISOString(), lines_lost: this.lost })}\n`);
    const lost = this.lost;
    [this.waiting, this.waitingBytes, this.lost] = [[], 0, 0];
    const text = `${this.isTorn ? '\n' : ''}${lines.join('')}`;
    try {
      await mkdir(dirname(this.path), { recursive: true, mode: 0o700 });
      await this.makeRoom(Buffer.byteLength(text));
      await appendFile(this.path, text, { mode: 0o600 });
      this.isTorn = false;
      this.isInTrouble = false;
    } catch (error) {
      this.isTorn = true;
      this.lost += lines.length - (lost > 0 ? 1 : 0) + lost;
      if (!this.isInTrouble) this.onTrouble((error as NodeJS.ErrnoException).code ?? 'unknown');
      this.isInTrouble = true;
    }
  }

  private async makeRoom(bytes: number): Promise<void> {
    const size = await sizeOf(this.path);
    if (size === 0 || size + bytes <= this.bounds.maxBytes) return;
    for (let older = this.bounds.keep; older >= 1; older -= 1)
      await renameIfThere(older === 1 ? this.path : `${this.path}.${older - 1}`, `${this.path}.${older}`);
  }
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
}

async function renameIfThere(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
