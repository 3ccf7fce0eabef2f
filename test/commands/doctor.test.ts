/** `client doctor` as a command, without Temporal. */
import { readdirSync } from 'node:fs';
import { runProgram } from '../../src/commands/program';
import { SYNTHETIC_NARRATIVE } from '../../src/llm/synthetic-narrative';
import { inFolder, writeStudy } from '../helpers/client-process';
import {
  answer,
  refusal,
  startFakeModelServer,
  type FakeModelServer,
  type PathReply,
} from '../llm/model-server';

const MARKER = 'ZQX-CANARY-7391';
const LIST = { '/v1/models': { data: [{ id: 'simulated-model', owned_by: 'vllm', max_model_len: 32_768 }] } };

interface Run {
  code: number;
  stdout: string;
  stderr: string;
  /** What was made in the folder. */
  files: string[];
}

async function doctor(server: FakeModelServer, ...args: string[]): Promise<Run> {
  return await doctorOf([server], ...args);
}

async function doctorOf(servers: readonly FakeModelServer[], ...args: string[]): Promise<Run> {
  return await inFolder(async (folder) => {
    const [apiUrl, ...furtherUrls] = servers.map(({ origin }) => `${origin}/v1`);
    writeStudy(folder, { apiUrl: apiUrl!, furtherUrls, nNarratives: 20, marker: MARKER });
    const run = { code: -1, stdout: '', stderr: '' };
    const stdout = { write: (text: string) => (run.stdout += text) };
    const stderr = { write: (text: string) => (run.stderr += text) };
    const surroundings = { environment: {}, workingDirectory: folder, stdout, stderr };
    run.code = await runProgram(['doctor', '--config', 'study.yaml', ...args], surroundings);
    return { ...run, files: readdirSync(folder).sort() };
  });
}

async function withServer<T>(
  work: (server: FakeModelServer) => Promise<T>,
  chat: (body: Record<string, unknown>) => PathReply = () => answer({ promptTokens: 180 }),
): Promise<T> {
  const server = await startFakeModelServer(LIST, chat);
  try {
    return await work(server);
  } finally {
    await server.close();
  }
}

describe('client doctor', () => {
  it('prints a line for each check and exits 0 when the server is fit', async () => {
    await withServer(async (server) => {
      const { code, stdout, stderr, files } = await doctor(server);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const names = [
        'reachable',
        'key',
        'model',
        'parameters',
        'answer',
        'longest narrative',
        'time',
        'disk',
      ];
      for (const name of names) expect(stdout).toMatch(new RegExp(`^(ok|warn) +${name} `, 'm'));
      expect(stdout).toContain('Fit for this job.');
      expect(files).toEqual(['data.csv', 'study.yaml']);
    });
  });

  it('sends no text of the study', async () => {
    await withServer(async (server) => {
      await doctor(server);
      const users = server.chats().map(({ messages }) => (messages as { content: string }[]).at(-1)!.content);
      expect(users).toEqual([`${MARKER} Narrative:\n${SYNTHETIC_NARRATIVE}`]);
    });
  });

  it('prints one document with --json', async () => {
    await withServer(async (server) => {
      const { code, stdout } = await doctor(server, '--json');
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({
        fit: true,
        servers: [
          {
            api_url: `${server.origin}/v1/chat/completions`,
            fit: true,
            synthetic_calls: 1,
            parameters: { dialect: 'vllm' },
            checks: expect.arrayContaining([
              expect.objectContaining({ name: 'disk', remedy: null }),
            ]) as unknown,
          },
        ],
      });
    });
  });

  it('checks every server of the model, and says how many are fit', async () => {
    await withServer(async (server) => {
      await withServer(async (other) => {
        const { code, stdout } = await doctorOf([server, other]);
        expect(stdout).toContain('All 2 servers are fit for this job.');
        expect(code).toBe(0);
        for (const { origin } of [server, other]) expect(stdout).toContain(`${origin}/v1/chat/completions\n`);
        expect([server.chats().length, other.chats().length]).toEqual([1, 1]);
      });
    });
  });

  it.each<[string, PathReply, RegExp]>([
    [
      'answers as another model',
      answer({ promptTokens: 180, model: 'another' }),
      /fail +model +it answers as "another", the server before as "m"\n +-> load the same model at all servers/,
    ],
    [
      'has no such model',
      refusal(404, { message: 'no such model' }),
      /fail +model +.*\n +-> check model\.name/,
    ],
  ])('exits 2 when one of two servers %s', async (_what, reply, line) => {
    await withServer(async (server) => {
      await withServer(
        async (other) => {
          const { code, stdout } = await doctorOf([server, other]);
          expect(stdout).toMatch(line);
          expect(stdout).toContain('1 of 2 servers fit for this job');
          expect(code).toBe(2);
        },
        () => reply,
      );
    });
  });

  it.each<[string, PathReply, RegExp]>([
    ['a missing model', refusal(404, { message: `no ${MARKER}` }), /fail +model +.*\n +-> check model\.name/],
    [
      'an answer that cannot be read',
      answer({ content: `${MARKER} says no`, promptTokens: 180 }),
      /fail +answer/,
    ],
  ])('exits 2 for %s and names the remedy, quoting nothing', async (_what, reply, line) => {
    await withServer(
      async (server) => {
        const { code, stdout, stderr } = await doctor(server);
        expect(code).toBe(2);
        expect(stdout).toMatch(line);
        expect(stdout).toContain('Not fit for this job.');
        expect(stdout + stderr).not.toContain(MARKER);
      },
      () => reply,
    );
  });

  it('exits 2 when nobody listens', async () => {
    const server = await startFakeModelServer(LIST);
    await server.close();
    const { code, stdout } = await doctor(server);
    expect(code).toBe(2);
    expect(stdout).toMatch(/fail +reachable +.*connection refused.*\n +-> start it/);
  });
});
