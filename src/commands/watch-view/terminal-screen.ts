/**
 * The whole window of a terminal, drawn line by line. However the process ends, short of kill -9, the terminal gets its
 * own screen, cursor and keyboard back.
 */
import type { ReadStream, WriteStream } from 'node:tty';
import type { WindowSize } from './window-size';

const ENTER = '\u001b[?1049h\u001b[?25l\u001b[?7l'; // other screen, no cursor, no line breaks of its own
const LEAVE = '\u001b[?7h\u001b[?25h\u001b[?1049l';
const CLEAR = '\u001b[2J';
/** Ctrl-C and Ctrl-Z as a terminal in raw mode gives them. */
const CTRL_C = '\u0003';
const CTRL_Z = '\u001a';

/** What a terminal gives when it cannot tell its size. */
const UNKNOWN_SIZE = { columns: 80, rows: 24 };

/** What the person at the terminal does. */
export interface ScreenEvents {
  /** q or Ctrl-C. */
  onLeave: () => void;
  /** The window has another size, or is ours again: draw anew. */
  onRedraw: () => void;
}

export class TerminalScreen {
  private isEntered = false;
  /** The lines as they stand in the window; null = nothing does. */
  private drawn: readonly string[] | null = null;
  private readonly leaveAtExit = (): void => this.leave();
  private readonly redraw = (): void => {
    this.drawn = null;
    this.events.onRedraw();
  };

  constructor(
    private readonly output: WriteStream,
    /** null = nobody types. */
    private readonly keyboard: ReadStream | null,
    private readonly events: ScreenEvents,
  ) {}

  get size(): WindowSize {
    return {
      width: this.output.columns || UNKNOWN_SIZE.columns,
      height: this.output.rows || UNKNOWN_SIZE.rows,
    };
  }

  /** Takes the window and begins to listen. */
  enter(): void {
    if (this.isEntered) return;
    this.isEntered = true;
    this.drawn = null;
    process.on('exit', this.leaveAtExit);
    this.output.on('resize', this.redraw);
    this.output.write(ENTER);
    this.keyboard?.setRawMode(true);
    this.keyboard?.on('data', this.onKeys).resume();
  }

  /** Shows these lines, as many as the window has; writes only those that are new. */
  draw(lines: readonly string[]): void {
    if (!this.isEntered) return;
    // A line is cleared before it is written: after a full one the cursor stands on its last column.
    const changes = lines.map((line, row) =>
      this.drawn?.[row] === line ? '' : `\u001b[${row + 1};1H\u001b[K${line}`,
    );
    const text = `${this.drawn === null ? CLEAR : ''}${changes.join('')}`;
    this.drawn = lines;
    if (text !== '') this.output.write(text);
  }

  /** Gives the window back as it was; a second call does nothing. */
  leave(): void {
    if (!this.isEntered) return;
    this.isEntered = false;
    process.off('exit', this.leaveAtExit);
    this.output.off('resize', this.redraw);
    this.keyboard?.off('data', this.onKeys).pause();
    this.keyboard?.setRawMode(false);
    this.output.write(LEAVE);
  }

  private readonly onKeys = (data: Buffer): void => {
    for (const key of data.toString('latin1')) {
      if (key === 'q' || key === 'Q' || key === CTRL_C) return this.events.onLeave();
      if (key === CTRL_Z) return this.suspend();
    }
  };

  /** Stops the job as the terminal itself would; it is drawn anew when the shell brings it back. */
  private suspend(): void {
    this.leave();
    process.once('SIGCONT', () => {
      this.enter();
      this.redraw();
    });
    process.kill(0, 'SIGTSTP');
  }
}
