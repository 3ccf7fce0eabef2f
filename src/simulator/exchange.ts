/**
 * One call at the server and all that can be done to it: a proper HTTP reply, bytes beneath HTTP, an orderly or a rude
 * end of the connection. Every way to end the call tells the log first, so that whoever has a reply finds it there.
 */
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ChatRequest } from './chat-request';
import type { Completion } from './completion';
import type { FaultTimes } from './faults/fault-times';

/** What an exchange knows of its call. */
export interface ExchangeFacts {
  chat: ChatRequest;
  /** SHA-256 of the user message. */
  digest: string;
  /** Completion tokens that the caller allows; null = it does not say. */
  maxTokens: number | null;
  times: FaultTimes;
  /** What every reply says besides. */
  headers: () => Record<string, string>;
  /** A fresh good answer each time. */
  completion: () => Completion;
  /** Aborted = the caller is gone. */
  gone: AbortSignal;
  /** Aborted = the server closes. */
  closing: AbortSignal;
  /** Called once, just before the call ends; false = the caller was gone before. */
  onSettled: (isAnswered: boolean) => void;
  /** Cuts every connection and refuses new ones for so long. */
  takeDownServer: (ms: number) => void;
}

type Body = string | Buffer;

export class Exchange {
  private isSettled = false;

  constructor(
    readonly facts: ExchangeFacts,
    private readonly response: ServerResponse,
  ) {}

  get completion(): Completion {
    return this.facts.completion();
  }

  get isGone(): boolean {
    return this.facts.gone.aborted;
  }

  /** A proper reply with a JSON body. */
  json(status: number, value: unknown, headers: Record<string, string> = {}): void {
    this.reply(status, JSON.stringify(value), { 'content-type': 'application/json', ...headers });
  }

  /** A proper reply that tells its length. */
  reply(status: number, body: Body, headers: Record<string, string>): void {
    this.settle(true);
    if (this.isGone) return;
    this.response.writeHead(status, {
      ...this.facts.headers(),
      ...headers,
      'content-length': String(Buffer.byteLength(body)),
    });
    this.response.end(body);
  }

  /** A proper reply in chunks, with `waitMs` before each but the first. */
  async stream(chunks: readonly Body[], headers: Record<string, string>, waitMs: number): Promise<void> {
    this.response.writeHead(200, { ...this.facts.headers(), ...headers });
    for (const [index, chunk] of chunks.entries()) {
      if (index > 0) await this.wait(waitMs);
      if (this.isGone) return this.settle(false);
      if (index < chunks.length - 1) this.response.write(chunk);
      else {
        this.settle(true);
        this.response.end(chunk);
      }
    }
  }

  /** Bytes beneath HTTP; resolves once the system has them. */
  async raw(bytes: Body): Promise<void> {
    const { socket } = this.response;
    if (socket === null || socket.destroyed) return;
    await new Promise<void>((resolve) => socket.write(bytes, () => resolve()));
  }

  /** Ends the connection in order (FIN), where it stands. */
  end(): void {
    this.settle(true);
    this.response.socket?.end();
  }

  /** Closes the connection at once; the system resets it where bytes are unread. */
  drop(): void {
    this.settle(true);
    this.response.socket?.destroy();
  }

  /** Resets the connection (RST), where it stands. */
  reset(): void {
    this.settle(true);
    this.response.socket?.resetAndDestroy();
  }

  /** Resolves early when the caller is gone. */
  async wait(ms: number): Promise<void> {
    if (ms > 0) await sleep(ms, undefined, { signal: this.facts.gone }).catch(() => undefined);
  }

  /** Resolves early only when the server closes: goes on computing for nobody. */
  async computeOn(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.facts.closing }).catch(() => undefined);
  }

  /** Resolves when the caller is gone. */
  async untilGone(): Promise<void> {
    if (this.isGone) return;
    await new Promise((resolve) => this.facts.gone.addEventListener('abort', resolve, { once: true }));
  }

  /** Tells the log how the call ended; only the first time counts. */
  settle(isAnswered: boolean): void {
    if (this.isSettled) return;
    this.isSettled = true;
    this.facts.onSettled(isAnswered && !this.isGone);
  }
}
