/** The README's first command, as a newcomer runs it. */
import { inFolder, query, runClient } from '../helpers/client-process';

jest.setTimeout(120_000);

it('the demo runs the whole job on made-up narratives and says what came out and where to look next', async () => {
  await inFolder(async (folder) => {
    const demo = await runClient(['demo'], { cwd: folder, env: { TMPDIR: folder } });
    expect(demo).toMatchObject({ code: 0, stderr: '' });
    expect(demo.stdout).toContain('its model is simulated');
    const [, nAsked, nDetected] = /answers\s+(\d+) \((\d+) detected\), 0 errors/.exec(demo.stdout)!;
    expect(demo.stdout).toMatch(/precision 0\.\d{3}, recall 0\.\d{3}, F1 0\.\d{3}/);
    const [, db] = /client status --db (\S+)/.exec(demo.stdout)!;
    expect(query(db!, 'SELECT count(*) AS n, sum(detected) AS detected FROM narrative_results')).toEqual([
      { n: Number(nAsked), detected: Number(nDetected) },
    ]);
    expect((await runClient(['status', '--db', db!], { cwd: folder })).stdout).toContain('completed');
  });
});
