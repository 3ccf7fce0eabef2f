/** A real terminal of any size, by tmux: what stands in it, what is typed into it, and how it is resized. */
import { execFileSync, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { until } from '../helpers/client-process';

/** Throws a message that says what is missing when there is no tmux. */
export function assertTmux(): void {
  if (spawnSync('tmux', ['-V']).status !== 0)
    throw new Error('No tmux: the terminal tests drive one. Install it (apt-get install tmux).');
}

export class Terminal {
  /** A server of its own, so that nobody else's sessions are met. */
  private readonly socket = `longhaul-${randomUUID().slice(0, 8)}`;

  /** Opens a shell in a window of `width` times `height`. */
  constructor(folder: string, width: number, height: number) {
    const size = ['-x', String(width), '-y', String(height)];
    const shell = ['env', 'PS1=$ ', 'HISTFILE=', 'LC_ALL=C.UTF-8', 'bash', '--norc', '--noprofile'];
    this.tmux('-f', '/dev/null', 'new-session', '-d', '-s', 'main', ...size, '-c', folder, ...shell);
    this.tmux('set-option', '-g', 'window-size', 'manual');
    this.tmux('resize-window', '-t', 'main', ...size);
  }

  /** Types a line and Enter. */
  run(line: string): void {
    this.tmux('send-keys', '-t', 'main', '-l', line);
    this.press('Enter');
  }

  /** Presses a key by tmux's name for it, such as `C-c`. */
  press(key: string): void {
    this.tmux('send-keys', '-t', 'main', key);
  }

  resize(width: number, height: number): void {
    this.tmux('resize-window', '-t', 'main', '-x', String(width), '-y', String(height));
  }

  /** The lines as they stand in the window; `coloured` keeps the escape sequences of colours. */
  screen({ coloured = false } = {}): string[] {
    const lines = this.tmux('capture-pane', '-p', ...(coloured ? ['-e'] : []), '-t', 'main').split('\n');
    return lines.slice(0, -1);
  }

  /** A fact of tmux about the window, such as `alternate_on` or `cursor_flag`. */
  fact(name: string): string {
    return this.tmux('display-message', '-p', '-t', 'main', `#{${name}}`).trim();
  }

  /** Waits until a line matches. */
  async untilShown(pattern: RegExp, timeoutMs = 60_000): Promise<void> {
    const isShown = (): boolean => this.screen().some((line) => pattern.test(line));
    await until(isShown, timeoutMs, `${pattern} in\n${this.screen().join('\n')}`);
  }

  /** Ends the shell and all that runs in it. */
  close(): void {
    spawnSync('tmux', ['-L', this.socket, 'kill-server']);
  }

  private tmux(...args: string[]): string {
    return execFileSync('tmux', ['-L', this.socket, ...args], { encoding: 'utf8' });
  }
}
