/** The short forms of `npm run drill`. */
import { readBeside } from './readers';
import { raceStarts } from './two-starts';

jest.setTimeout(300_000);

/** The log is looked at once a second, and grows by two or three mebibytes meanwhile; in the rest of the run by a dozen. */
const SEEN_LATE_BYTES = 7 * 2 ** 20;

it('of two starts in the same instant exactly one runs, and the other is told who does', async () => {
  const { races, onNewFile, wrong } = await raceStarts(5, () => {});
  expect({ races, onNewFile, wrong }).toEqual({ races: 5, onNewFile: 3, wrong: [] });
});

it('readers hold up nothing, and the log grows no further once a long one has left', async () => {
  const { wrong, looks, mostLogBytes, logBytesAtEnd } = await readBeside({
    holdMs: 8000,
    aroundMs: 5000,
    onLook: () => {},
  });
  expect(wrong).toEqual([]);
  expect(looks).toBeGreaterThan(5);
  expect(mostLogBytes['with the reader']).toBeGreaterThan(mostLogBytes['before the reader']);
  expect(logBytesAtEnd).toBeLessThan(mostLogBytes['with the reader'] + SEEN_LATE_BYTES);
});
