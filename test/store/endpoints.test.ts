/** What the store keeps of model servers, on a real SQLite file. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeLabelledStudy } from '../helpers/labelled-study';
import { withStore } from '../helpers/stored-study';

const SERVER = 'http://localhost:1234';
const OTHER = 'http://localhost:1235';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'longhaul-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('a server has one state an experiment, the last that was noted, and none once it is not asked any more', () => {
  const { first, second } = makeLabelledStudy(folder);
  withStore(folder, ({ endpoints }) => {
    const open = { concurrency: 8, in_flight: 7, health: 'open', reason: null } as const;
    endpoints.setState(first, { endpoint: SERVER, ...open });
    endpoints.setState(first, { endpoint: OTHER, ...open, health: 'left_out', reason: 'HTTP 404' });
    endpoints.setState(first, { endpoint: SERVER, ...open, concurrency: 16 });
    expect(endpoints.list(first)).toMatchObject([
      { endpoint: SERVER, concurrency: 16, health: 'open', reason: null },
      { endpoint: OTHER, concurrency: 8, health: 'left_out', reason: 'HTTP 404' },
    ]);
    expect(endpoints.list(second)).toEqual([]);
    endpoints.keepOnly(first, [OTHER]);
    expect(endpoints.list(first).map(({ endpoint }) => endpoint)).toEqual([OTHER]);
  });
});

test('the number found for a server holds for one model, and the newest counts', () => {
  withStore(folder, ({ endpoints }) => {
    expect(endpoints.foundConcurrency(SERVER, 'small')).toBeNull();
    endpoints.setFoundConcurrency(SERVER, 'small', 8);
    endpoints.setFoundConcurrency(SERVER, 'small', 12);
    expect(endpoints.foundConcurrency(SERVER, 'small')).toBe(12);
    expect(endpoints.foundConcurrency(SERVER, 'large')).toBeNull();
    expect(endpoints.foundConcurrency(OTHER, 'small')).toBeNull();
  });
});
