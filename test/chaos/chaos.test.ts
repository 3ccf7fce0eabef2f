/** The short form of `npm run chaos`. */
import { isRight, formatReport } from './report';
import { runChaos } from './run-chaos';

jest.setTimeout(900_000);

it('thirty kills over all components lose nothing, double nothing and repeat no more calls than were in flight', async () => {
  const report = await runChaos({
    seed: 1,
    mode: 'mixed',
    kills: 30,
    nNarratives: 400,
    onProgress: () => {},
  });
  const table = formatReport(report);
  process.stderr.write(`${table}\n`);
  expect(isRight(report) ? 'right' : table).toBe('right');
  const killed = new Set(report.experiments.flatMap(({ kills }) => kills.map(({ component }) => component)));
  expect([...killed]).toEqual(expect.arrayContaining(['client', 'temporal', 'guard', 'all', 'simulator']));
});
