/** Several configs in one start, and samples, on the real client. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startModelServer, type ModelServer } from '../../src/simulator/model-server';
import { callsAboutNarratives, inFolder, query, runClient, writeStudy } from '../helpers/client-process';

jest.setTimeout(60_000);

let server: ModelServer;
beforeEach(async () => {
  server = await startModelServer();
});
afterEach(async () => {
  await server.close();
});

/** Writes a.yaml and b.yaml, which ask another question about the same 40 texts. */
function writeTwo(folder: string): void {
  writeStudy(folder, { apiUrl: server.url, nNarratives: 40, name: 'first' });
  const config = readFileSync(join(folder, 'study.yaml'), 'utf8');
  writeFileSync(join(folder, 'a.yaml'), config);
  writeFileSync(
    join(folder, 'b.yaml'),
    config.replace('name: first', 'name: second').replace('Answer', 'Reply'),
  );
}

it('a start runs several configs one after the other, each with a sample that its seed chooses', async () => {
  await inFolder(async (folder) => {
    writeTwo(folder);
    const args = ['start', '--config', 'a.yaml', 'b.yaml', '--sample', '10', '--db', 'study.db', '--json'];
    const run = await runClient(args, { cwd: folder });
    expect(run.code).toBe(0);
    const facts = JSON.parse(run.stdout) as { experiment_name: string; n_narratives_completed: number }[];
    expect(
      facts.map(({ experiment_name, n_narratives_completed }) => [experiment_name, n_narratives_completed]),
    ).toEqual([
      ['first', 10],
      ['second', 10],
    ]);
    const asked = query<{ experiment_name: string; ids: string }>(
      join(folder, 'study.db'),
      `SELECT experiment_name, group_concat(incident_id) AS ids FROM
         (SELECT e.experiment_name, r.incident_id FROM narrative_results r JOIN experiments e USING (experiment_id)
          ORDER BY r.experiment_id, r.row_num) GROUP BY experiment_name`,
    );
    expect(asked[0]!.ids).toBe(asked[1]!.ids);
    expect(asked[0]!.ids).not.toBe('0,1,2,3,4,5,6,7,8,9');
    expect(callsAboutNarratives(server)).toBe(20);
    expect((await runClient(args, { cwd: folder })).code).toBe(0);
    expect(callsAboutNarratives(server)).toBe(20);
  });
});

it('a start with a mistake in its last config runs none of them', async () => {
  await inFolder(async (folder) => {
    writeTwo(folder);
    const file = join(folder, 'b.yaml');
    writeFileSync(file, readFileSync(file, 'utf8').replace('run: {', 'run: {sample: 3, max_narratives: 5, '));
    const run = await runClient(['start', '--config', 'a.yaml', 'b.yaml', '--db', 'study.db'], {
      cwd: folder,
    });
    expect(run.code).toBe(2);
    expect(run.stderr).toMatch(/b\.yaml[^]*run\.sample/);
    expect(callsAboutNarratives(server)).toBe(0);
  });
});
