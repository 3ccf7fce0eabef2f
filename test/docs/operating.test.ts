/** The operator's guide is true: its commands exist with their options, and its SQL runs on a results file. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { COMMANDS } from '../../src/commands/program';
import { inFolder, query, writeStudy } from '../helpers/client-process';
import { answered, finish, saveOutcomes, startStored, withStore } from '../helpers/stored-study';

const GUIDE = readFileSync(join(__dirname, '../../docs/operating.md'), 'utf8');

const OPTIONS = new Map(
  COMMANDS.map((definition) => {
    const command = new Command();
    definition.declareOptions?.(command);
    const name = definition.syntax.replace(/ [<[].*$/, '');
    return [name, ['--db', '--json', ...command.options.map(({ long }) => long)]];
  }),
);

/** Every `client ...` of the guide, up to the end of its code or its comment. */
const lines = [...GUIDE.matchAll(/\bclient ([a-z][^\n#`|;]*)/g)].map(([, line]) => line!.trim());

it('names some thirty command lines', () => {
  expect(lines.length).toBeGreaterThan(25);
});

it.each([...new Set(lines)])('client %s is a command with these options', (line) => {
  const words = line.split(/\s+/);
  const name = [words.slice(0, 2).join(' '), words[0]!].find((each) => OPTIONS.has(each));
  expect({ line, name }).toEqual({ line, name: expect.any(String) as string });
  const options = words.filter((word) => word.startsWith('--'));
  expect(OPTIONS.get(name!)).toEqual(expect.arrayContaining(options));
});

it('every command is in the guide or is no part of operating', () => {
  const told = new Set(lines.map((line) => line.split(/\s+/)));
  const missing = [...OPTIONS.keys()].filter(
    (name) => ![...told].some((words) => words.join(' ').startsWith(name)),
  );
  expect(missing.filter((name) => !['demo', 'worker', 'db upgrade', 'completion'].includes(name))).toEqual(
    [],
  );
});

it('its SQL runs and gives rows', async () => {
  await inFolder((folder) => {
    writeStudy(folder, { apiUrl: 'http://127.0.0.1:9/v1', nNarratives: 4 });
    const id = withStore(folder, (store) => {
      const { experimentId } = startStored(store, folder).decision;
      saveOutcomes(store, experimentId, [answered(false), answered(true), answered(false), answered(true)]);
      finish(store, experimentId);
      return experimentId;
    });
    const statements = [...GUIDE.matchAll(/```sql\n([\s\S]*?)```/g)]
      .flatMap(([, block]) => block!.split(';'))
      .map((statement) => statement.trim())
      .filter((statement) => statement !== '');
    expect(statements.length).toBeGreaterThan(4);
    for (const statement of statements) {
      const rows = query(join(folder, 'study.db'), statement.replaceAll("'ID'", `'${id}'`));
      if (!statement.includes("'running'")) expect(rows.length).toBeGreaterThan(0);
    }
    return Promise.resolve();
  });
});
