/**
 * What the simulated model server was asked, in order: kept in memory unless told otherwise and, where a file is named, on disk. Each
 * line is handed to the operating system before the call goes on, so that a kill -9 of the server loses none.
 */
import { appendFileSync, closeSync, openSync } from 'node:fs';

/** Which row of the catalogue a call was served by. */
export interface ServedFault {
  /** 0 = none: a good answer. */
  fault: number;
  /** null = none, or the row does not tell. */
  variant: string | null;
}

/** One event of one call. No text is in it: the digest names the user message. */
export interface LoggedCall extends ServedFault {
  /** UTC, ISO 8601 with milliseconds. */
  at: string;
  /** `aborted` = the caller was gone, or the server closed, before the answer. */
  event: 'start' | 'end' | 'aborted';
  /** 1-based, counted since this server started. */
  call: number;
  /** SHA-256 of the user message, 64 hex digits. */
  digest: string;
}

export class CallLog {
  private readonly entries: LoggedCall[] = [];
  private readonly counts = new Map<number, number>();
  private readonly descriptor: number | null;
  private started = 0;
  private open = 0;
  private mostOpen = 0;

  /** Appends to the file where one is named; throws the file system's error if it cannot be opened. */
  constructor(
    file?: string,
    /** false = `list` gives nothing: a server that runs for days would fill its memory. */
    private readonly keepsEntries = true,
  ) {
    this.descriptor = file === undefined ? null : openSync(file, 'a');
  }

  /** Notes a new call and returns its number. */
  start(digest: string, served: ServedFault): number {
    this.started += 1;
    this.open += 1;
    this.mostOpen = Math.max(this.mostOpen, this.open);
    this.counts.set(served.fault, (this.counts.get(served.fault) ?? 0) + 1);
    this.append('start', this.started, digest, served);
    return this.started;
  }

  /** Notes how a started call ended. */
  finish(event: 'end' | 'aborted', call: number, digest: string, served: ServedFault): void {
    this.open -= 1;
    this.append(event, call, digest, served);
  }

  /** All events so far, oldest first. */
  list(): readonly LoggedCall[] {
    return this.entries;
  }

  /** Calls started, by the number of the fault that they were given; 0 = none. */
  countsByFault(): Record<number, number> {
    return Object.fromEntries(this.counts);
  }

  /** Calls started and not ended. */
  inFlight(): number {
    return this.open;
  }

  /** The most calls that were in flight at once. */
  maxInFlight(): number {
    return this.mostOpen;
  }

  /** Closes the file; what is in memory stays. */
  close(): void {
    if (this.descriptor !== null) closeSync(this.descriptor);
  }

  private append(
    event: LoggedCall['event'],
    call: number,
    digest: string,
    { fault, variant }: ServedFault,
  ): void {
    const entry: LoggedCall = { at: new Date().toISOString(), event, call, digest, fault, variant };
    if (this.keepsEntries) this.entries.push(entry);
    if (this.descriptor !== null) appendFileSync(this.descriptor, `${JSON.stringify(entry)}\n`);
  }
}
