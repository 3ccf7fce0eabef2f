/** Shows the progress of a running experiment: a bar on a terminal, a plain line every hundred results elsewhere. */
import { Presets, SingleBar } from 'cli-progress';
import type { ExperimentRow } from '../store/experiments';
import type { Output } from './output';
import { formatRate, formatTimeLeft } from './progress-words';

const LINE_EVERY_RESULTS = 100;

/** A view to be updated as often as one likes. */
export interface ProgressView {
  /** `nRemaining` = narratives still to be asked in this pass; 0 = done. */
  update(row: ExperimentRow, nRemaining: number): void;
  /** Leaves the terminal as it was. */
  stop(): void;
}

/** Makes the view that suits the output. */
export function createProgressView(output: Output): ProgressView {
  return output.isTerminal ? new BarView(output) : new LineView(output);
}

class BarView implements ProgressView {
  private readonly bar: SingleBar;
  private isStarted = false;

  constructor(output: Output) {
    this.bar = new SingleBar(
      {
        format: '{bar} {percentage}% | {value}/{total} | {rate} | {errors} errors | {eta_text}',
        stream: output.messages as NodeJS.WritableStream,
        barsize: 16, // the whole line fits into 80 columns
        hideCursor: true,
        clearOnComplete: false,
        gracefulExit: false,
      },
      Presets.shades_classic,
    );
  }

  update(row: ExperimentRow, nRemaining: number): void {
    const eta =
      nRemaining === 0 ? 'done' : formatTimeLeft(row.status, row.estimated_completion_time, new Date());
    const facts = { rate: formatRate(row.narratives_per_minute), errors: row.n_errors, eta_text: eta };
    const settled = row.n_narratives_total - nRemaining;
    if (!this.isStarted) this.bar.start(row.n_narratives_total, settled, facts);
    this.isStarted = true;
    this.bar.update(settled, facts);
  }

  stop(): void {
    if (this.isStarted) this.bar.stop();
  }
}

class LineView implements ProgressView {
  private printedAt = -1;
  private isWaiting = false;

  constructor(private readonly output: Output) {}

  update(row: ExperimentRow, nRemaining: number): void {
    this.tellWaiting(row);
    const total = row.n_narratives_total;
    const settled = total - nRemaining;
    const step = nRemaining === 0 ? total : Math.floor(settled / LINE_EVERY_RESULTS) * LINE_EVERY_RESULTS;
    if (step <= this.printedAt) return;
    this.printedAt = step;
    const eta = nRemaining === 0 ? 'done' : etaOf(row);
    this.output.message(
      `${settled}/${total} | ${formatRate(row.narratives_per_minute)} | ${row.n_errors} errors | ${eta}`,
    );
  }

  stop(): void {}

  private tellWaiting(row: ExperimentRow): void {
    const isWaiting = row.status === 'waiting_llm';
    if (isWaiting && !this.isWaiting) this.output.message(`Waiting: ${row.status_reason}`);
    if (!isWaiting && this.isWaiting) this.output.message('The model server answers again.');
    this.isWaiting = isWaiting;
  }
}

function etaOf(row: ExperimentRow): string {
  return row.estimated_completion_time === null
    ? 'end not known yet'
    : `done about ${row.estimated_completion_time}`;
}
