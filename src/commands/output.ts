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

  /** Prints the command's facts: the document with `--json`, else the text. */
  facts(document: unknown, text: () => string): void {
    this.streams.stdout.write(this.isJson ? `${JSON.stringify(document, null, 2)}\n` : `${text()}\n`);
  }
}
