/** The call log of a simulated model server that is a process of its own, read as it grows. */
import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { digestOf } from '../../src/simulator/simulated-answer';
import type { LoggedCall } from '../../src/simulator/call-log';
import { SYNTHETIC_NARRATIVE } from '../../src/llm/synthetic-narrative';
import { userMessage } from '../helpers/client-process';

/** One call about a narrative. Times are milliseconds of the epoch; null = its end was not logged. */
export interface Call {
  digest: string;
  startedMs: number;
  endedMs: number | null;
  isAborted: boolean;
  /** 0 = a good answer. */
  fault: number;
}

const SYNTHETIC = digestOf(userMessage(SYNTHETIC_NARRATIVE));
const CHUNK_BYTES = 1 << 20;

export class CallHistory {
  private readonly known: Call[] = [];
  private readonly open = new Map<string, Call>();
  private offset = 0;
  private rest = '';

  constructor(private readonly file: string) {}

  /** Calls about narratives so far, oldest first; those of the preflight and of probes are left out. */
  calls(): readonly Call[] {
    if (existsSync(this.file)) for (const line of this.newLines()) this.add(JSON.parse(line) as LoggedCall);
    return this.known;
  }

  /** When the first call at or after a moment began; null = there is none. */
  firstSince(ms: number): number | null {
    return this.calls().find(({ startedMs }) => startedMs >= ms)?.startedMs ?? null;
  }

  private newLines(): string[] {
    const descriptor = openSync(this.file, 'r');
    try {
      const buffer = Buffer.alloc(CHUNK_BYTES);
      for (;;) {
        const length = readSync(descriptor, buffer, 0, CHUNK_BYTES, this.offset);
        if (length === 0) break;
        this.offset += length;
        this.rest += buffer.toString('utf8', 0, length);
      }
    } finally {
      closeSync(descriptor);
    }
    const lines = this.rest.split('\n');
    this.rest = lines.pop()!;
    return lines;
  }

  private add({ at, event, digest, fault }: LoggedCall): void {
    if (digest === SYNTHETIC) return;
    const ms = Date.parse(at);
    if (event === 'start') {
      const call: Call = { digest, startedMs: ms, endedMs: null, isAborted: false, fault };
      this.known.push(call);
      this.open.set(digest, call);
      return;
    }
    const call = this.open.get(digest);
    if (call === undefined) return;
    this.open.delete(digest);
    call.endedMs = ms;
    call.isAborted = event === 'aborted';
  }
}
