/** The help of every command shows command lines, and each of them is one that the program takes. */
import { COMMANDS, createProgram, runProgram } from '../../src/commands/program';
import { readVersion } from '../../src/version';

const SILENT = { write: () => true };
const EXAMPLES = COMMANDS.flatMap(({ syntax, examples }) =>
  examples.map(([line, does]) => ({ syntax, line, does })),
);

/** The words after `client`, without variables before it, quotes around it and redirections behind it. */
function argvOf(line: string): string[] {
  const call = /\bclient ([^>|)"]+)/.exec(line);
  return call?.[1]!.trim().split(/\s+/) ?? [];
}

it.each(COMMANDS.map(({ syntax, examples }) => ({ syntax, examples })))(
  '$syntax has an example',
  ({ examples }) => {
    expect(examples.length).toBeGreaterThan(0);
  },
);

it.each(EXAMPLES)('"$line" parses', async ({ line }) => {
  const run: string[] = [];
  const program = createProgram(
    (definition) => {
      run.push(definition.syntax);
      return Promise.resolve();
    },
    { stdout: SILENT, stderr: SILENT },
  );
  await program.parseAsync(argvOf(line), { from: 'user' });
  expect(run).toHaveLength(1);
});

it.each(COMMANDS.map(({ syntax, examples }) => ({ syntax, examples })))(
  'an example of $syntax is about itself',
  ({ syntax, examples }) => {
    const name = syntax.replace(/ [<[].*$/, '');
    expect(examples.some(([line]) => line.includes(`client ${name}`))).toBe(true);
  },
);

it('client --version prints the version of the package', async () => {
  let printed = '';
  const streams = { stdout: { write: (text: string) => (printed += text) }, stderr: SILENT };
  const surroundings = { ...streams, environment: {}, workingDirectory: '/' };
  expect(await runProgram(['--version'], surroundings)).toBe(0);
  expect(printed).toBe(`${readVersion()}\n`);
});
