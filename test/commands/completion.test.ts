/** Completion: what may stand next, and the script for bash in a real one. */
import { completeWords } from '../../src/commands/complete-words';
import { COMMANDS } from '../../src/commands/program';
import { ERROR_CATEGORIES } from '../../src/experiment';
import { inShell } from '../helpers/completion-shell';

const IDS = ['study-1', 'study-2'];
const complete = (line: string): string[] =>
  completeWords(line.split(' '), {
    commands: COMMANDS,
    shells: ['bash', 'zsh', 'fish'],
    experimentIds: () => IDS,
  });

it.each<[string, string[]]>([
  ['client sta', ['start', 'status']],
  ['client d', ['disagreements', 'doctor', 'db', 'demo']],
  ['client db ', ['check', 'upgrade', 'backup']],
  ['client db u', ['upgrade']],
  ['client labels ', ['import']],
  ['client status ', IDS],
  ['client status study-2', ['study-2']],
  ['client status --json ', IDS],
  ['client status --db my.db ', IDS],
  ['client status study-1 ', []],
  ['client status --db ', []],
  ['client compare study-1 ', IDS],
  ['client explain study-1 ', []],
  ['client labels import labels.csv ', IDS],
  ['client start --config ', []],
  ['client start --config a.yaml ', []],
  ['client start --de', ['--detach']],
  ['client start --config a.yaml --de', ['--detach']],
  ['client status --', ['--db', '--json', '--help']],
  ['client resume --retry-errors --category ', [...ERROR_CATEGORIES]],
  ['client disagreements --kind ', ['fp', 'fn', 'both']],
  ['client completion ', ['bash', 'zsh', 'fish']],
  ['client nothing ', []],
])('%s<tab> gives %j', (line, expected) => {
  expect(complete(line)).toEqual(expected);
});

it('bash completes commands, options and experiments, and leaves files to itself', async () => {
  const script = `
eval "$(client completion bash)"
try() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=(); _client_completion client; echo "$*: \${COMPREPLY[*]}"; }
try client stat; try client status ""; try client pause --j; try client start --config ""
complete -p client`;
  await inShell('bash', script, (stdout, id) => {
    expect(stdout.split('\n')).toEqual([
      'client stat: status',
      `client status : ${id}`,
      'client pause --j: --json',
      'client start --config : ',
      'complete -o default -F _client_completion client',
      '',
    ]);
  });
});
