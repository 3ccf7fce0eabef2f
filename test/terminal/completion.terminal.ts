/** The completion scripts of zsh and fish in these shells; that of bash is in npm test. */
import { spawnSync } from 'node:child_process';
import { inShell } from '../helpers/completion-shell';

beforeAll(() => {
  const missing = ['zsh', 'fish'].filter((shell) => spawnSync(shell, ['-c', 'true']).status !== 0);
  if (missing.length > 0)
    throw new Error(`No ${missing.join(' and no ')}: install them (apt-get install zsh fish).`);
});

it('zsh completes commands, experiments and files', async () => {
  const script = `
compdef() { }
compadd() { print -- "found $*" }
_files() { print files }
eval "$(client completion zsh)"
try() { words=("$@"); CURRENT=$#; _client_completion }
try client stat; try client status ""; try client start --config ""`;
  await inShell('zsh', script, (stdout, id) => {
    expect(stdout).toBe(`found -- status\nfound -- ${id}\nfiles\n`);
  });
});

it('fish completes commands, experiments and files', async () => {
  const script = `
client completion fish | source
complete -C 'client stat'; complete -C 'client status '; complete -C 'client start --config study.y'`;
  await inShell('fish', script, (stdout, id) => {
    expect(stdout).toBe(`status\n${id}\nstudy.yaml\n`);
  });
});
