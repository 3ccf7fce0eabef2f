/** Where a command writes: facts to stdout, messages beside them; with `--json` one document and nothing else on stdout. */

import { once, type EventEmitter } from 'node:events';

/** A stream that knows whether it is a terminal. */
export interface OutputStream {
  /** `false` = it holds more than it has given on, and tells by `drain` when that is over; a Node stream does. */
  write(text: string): unknown;
  isTTY?: boolean;
}

/** The two streams of a process. */
export interface OutputStreams {
  stdout: OutputStream;
  stderr: OutputStream;
}

/** Characters; each write costs more than its text where a pipe is read slowly. */
const PRINTED_AT_ONCE = 1 << 16;

/** A list in the text of a JSON document. */
interface PrintedList {
  open: string;
  rows: Iterable<unknown>;
  close: string;
  indent: string;
}

export class Output {
  constructor(
    private readonly streams: OutputStreams,
    readonly isJson: boolean,
  ) {}

  /** Whether a person watches: progress bars only then. */
  get isTerminal(): boolean {
    return this.messages.isTTY === true;
  }

  /** The stream for messages: stderr where stdout carries JSON. */
  get messages(): OutputStream {
    return this.isJson ? this.streams.stderr : this.streams.stdout;
  }

  /** Prints a line of text for people. */
  message(line: string): void {
    this.messages.write(`${line}\n`);
  }

  /** Prints a line about something that went wrong. */
  error(line: string): void {
    this.streams.stderr.write(`${line}\n`);
  }

  /** An output that keeps documents in `facts` instead of printing them; all else as here. */
  collecting(facts: unknown[]): Output {
    if (!this.isJson) return this;
    const keeper = new Output(this.streams, true);
    keeper.facts = (document) => void facts.push(document);
    return keeper;
  }

  /**
   * As `facts`, for a document with a long list at its end: with `--json` its rows are read and printed one by one, as
   * fast as they are taken. Resolves when all are printed, or nobody reads any more.
   */
  async factsWithList(
    document: Record<string, unknown>,
    [name, rows]: readonly [name: string, rows: Iterable<unknown>],
    text: () => string,
  ): Promise<void> {
    if (!this.isJson) return this.facts(document, text);
    const head = JSON.stringify({ ...document, [name]: [] }, null, 2);
    await this.printList({ open: head.slice(0, -'[]\n}'.length), rows, close: '\n}', indent: '  ' });
  }

  /** As `factsWithList`, for a document that is a long list. */
  async list(rows: Iterable<unknown>, text: () => string): Promise<void> {
    if (!this.isJson) return this.facts(null, text);
    await this.printList({ open: '', rows, close: '', indent: '' });
  }

  private async printList({ open, rows, close, indent }: PrintedList): Promise<void> {
    const { stdout } = this.streams;
    let waiting = `${open}[`;
    let isEmpty = true;
    for (const row of rows) {
      const printed = JSON.stringify(row, null, 2).replaceAll('\n', `\n${indent}  `);
      waiting += `${isEmpty ? '' : ','}\n${indent}  ${printed}`;
      isEmpty = false;
      if (waiting.length < PRINTED_AT_ONCE) continue;
      if (stdout.write(waiting) === false && !(await isTakenUp(stdout))) return;
      waiting = '';
    }
    stdout.write(`${waiting}${isEmpty ? '' : `\n${indent}`}]${close}\n`);
  }

  /** Prints the command's facts: the document with `--json`, else the text. */
  facts(document: unknown, text: () => string): void {
    this.streams.stdout.write(this.isJson ? `${JSON.stringify(document, null, 2)}\n` : `${text()}\n`);
  }
}

/** Waits until a stream has given on what it holds; `false` = its other end is closed. */
async function isTakenUp(stream: OutputStream): Promise<boolean> {
  try {
    await once(stream as unknown as EventEmitter, 'drain');
    return true;
  } catch {
    return false; // whoever owns the stream hears the error, too
  }
}
