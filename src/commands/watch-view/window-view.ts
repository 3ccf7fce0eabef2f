/** The view of `client watch` in a terminal's window, which it fills and gives back as it was. */
import type { ReadStream, WriteStream } from 'node:tty';
import { layOut } from './layout';
import { toTerminal } from './span';
import { TerminalScreen } from './terminal-screen';
import type { WatchedState } from './watched-experiment';

/** Where `client watch` shows what it sees. */
export interface WatchView {
  /** Whether a pause is waited out: a person sees it, a script does not. */
  isPersistent: boolean;
  begin(state: WatchedState): void;
  show(state: WatchedState): void;
  end(): void;
}

/** Makes the window; nothing is drawn before it begins. `onLeave` is called when a person leaves it. */
export function windowView(
  terminal: WriteStream,
  keyboard: ReadStream | null,
  { hasColours, onLeave }: { hasColours: boolean; onLeave: () => void },
): WatchView {
  let shown: WatchedState | null = null;
  const draw = (): void => {
    if (shown !== null) screen.draw(layOut(shown, screen.size).map((line) => toTerminal(line, hasColours)));
  };
  const screen = new TerminalScreen(terminal, keyboard, { onLeave, onRedraw: draw });
  const show = (state: WatchedState): void => {
    shown = state;
    draw();
  };
  return {
    isPersistent: true,
    begin: (state) => {
      screen.enter();
      show(state);
    },
    show,
    end: () => screen.leave(),
  };
}
