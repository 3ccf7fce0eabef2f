/** Where a command writes: facts to stdout, messages beside them; with `--json` one document and nothing else on stdout. */

/** A stream that knows whether it is a terminal. */
export interface OutputStream {
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

  /** As `facts`, for a document with a long list at its end: with `--json` its rows are read and printed one by one. */
  factsWithList(
    document: Record<string, unknown>,
    [name, rows]: readonly [name: string, rows: Iterable<unknown>],
    text: () => string,
  ): void {
    if (!this.isJson) return this.facts(document, text);
    const head = JSON.stringify({ ...document, [name]: [] }, null, 2);
    this.printList({ open: head.slice(0, -'[]\n}'.length), rows, close: '\n}', indent: '  ' });
  }

  /** As `facts`, for a document that is a long list. */
  list(rows: Iterable<unknown>, text: () => string): void {
    if (!this.isJson) return this.facts(null, text);
    this.printList({ open: '', rows, close: '', indent: '' });
  }

  private printList({ open, rows, close, indent }: PrintedList): void {
    let waiting = `${open}[`;
    let isEmpty = true;
    for (const row of rows) {
      const printed = JSON.stringify(row, null, 2).replaceAll('\n', `\n${indent}  `);
      waiting += `${isEmpty ? '' : ','}\n${indent}  ${printed}`;
      isEmpty = false;
      if (waiting.length < PRINTED_AT_ONCE) continue;
      this.streams.stdout.write(waiting);
      waiting = '';
    }
    this.streams.stdout.write(`${waiting}${isEmpty ? '' : `\n${indent}`}]${close}\n`);
  }

  /** Prints the command's facts: the document with `--json`, else the text. */
  facts(document: unknown, text: () => string): void {
    this.streams.stdout.write(this.isJson ? `${JSON.stringify(document, null, 2)}\n` : `${text()}\n`);
  }
}
