/** `client validate` as a command, without any server. */
import { runProgram } from '../../src/commands/program';
import { inFolder, writeStudy } from '../helpers/client-process';

async function validate(furtherUrls: string[], ...args: string[]): Promise<{ code: number; stdout: string }> {
  return await inFolder(async (folder) => {
    writeStudy(folder, { apiUrl: 'http://127.0.0.1:9/v1', furtherUrls, nNarratives: 7 });
    let stdout = '';
    const code = await runProgram(['validate', '--config', 'study.yaml', ...args], {
      environment: {},
      workingDirectory: folder,
      stdout: { write: (text) => (stdout += text) },
      stderr: { write: (text) => (stdout += text) },
    });
    return { code, stdout };
  });
}

it.each([
  [[], 'http://127.0.0.1:9/v1/chat/completions'],
  [
    ['http://127.0.0.1:10/v1'],
    'http://127.0.0.1:9/v1/chat/completions, http://127.0.0.1:10/v1/chat/completions',
  ],
])('validate names every server that the config lists, further ones being %j', async (furtherUrls, urls) => {
  const { code, stdout } = await validate(furtherUrls);
  expect(stdout).toContain(`study.yaml is valid: 7 narratives for simulated-model at ${urls}\n`);
  expect(code).toBe(0);
  const facts = JSON.parse((await validate(furtherUrls, '--json')).stdout) as { api_urls: string[] };
  expect(facts.api_urls.join(', ')).toBe(urls);
});
