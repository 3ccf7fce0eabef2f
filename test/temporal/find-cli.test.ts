import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { once } from 'node:events';
import { TemporalUnavailableError } from '../../src/errors';
import { CLI_VERSION, findTemporalCli } from '../../src/temporal/find-cli';

const WORKS = '#!/bin/sh\nexit 0\n';
const DOES_NOT_RUN = '#!/bin/sh\nexit 1\n';
const GO_THAT_BUILDS = `#!/bin/sh
printf '%s\\n' "$@" > "$HOME/go-arguments"
printf '#!/bin/sh\\nexit 0\\n' > "$GOBIN/temporal"
`;
const GO_THAT_FAILS = '#!/bin/sh\necho "go: downloading" >&2\necho "go: no network" >&2\nexit 1\n';

let folder: string;
let bin: string;
let cached: string;
let progress: string[];

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'longhaul-'));
  bin = path.join(folder, 'bin');
  cached = path.join(folder, 'cache', 'longhaul', `temporal-cli-${CLI_VERSION}`);
  progress = [];
});

afterEach(() => fs.rmSync(folder, { recursive: true }));

function put(file: string, text: string, mode = 0o755): string {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, text, { mode });
  return file;
}

/** Looks with a made-up PATH and home; port 1 refuses connections. */
function find(
  variables: Record<string, string> = {},
  downloadBaseUrl = 'http://127.0.0.1:1',
): Promise<string> {
  const environment = {
    HOME: folder,
    XDG_CACHE_HOME: path.join(folder, 'cache'),
    PATH: `${path.join(folder, 'nothing')}${path.delimiter}${bin}`,
    ...variables,
  };
  return findTemporalCli({ environment, onProgress: (line) => progress.push(line), downloadBaseUrl });
}

describe('without a download', () => {
  it('TEMPORAL_CLI_PATH comes before PATH, PATH before the cache, the cache before a build', async () => {
    put(path.join(bin, 'go'), GO_THAT_BUILDS);
    const built = await find();
    expect(built).toBe(cached);
    fs.rmSync(path.join(folder, 'go-arguments'));
    expect(await find()).toBe(cached);
    expect(fs.existsSync(path.join(folder, 'go-arguments'))).toBe(false);

    const onPath = put(path.join(bin, 'temporal'), WORKS);
    expect(await find()).toBe(onPath);

    const named = put(path.join(folder, 'my-temporal'), WORKS);
    expect(await find({ TEMPORAL_CLI_PATH: named })).toBe(named);
    expect(await find({ TEMPORAL_CLI_PATH: path.relative(process.cwd(), named) })).toBe(named);
    expect(await find({ TEMPORAL_CLI_PATH: '' })).toBe(onPath);
  });

  it.each(['missing', 'not-executable', 'folder'])('TEMPORAL_CLI_PATH to a %s is refused', async (kind) => {
    put(path.join(bin, 'temporal'), WORKS);
    put(path.join(folder, 'not-executable'), WORKS, 0o644);
    fs.mkdirSync(path.join(folder, 'folder'));
    const looking = find({ TEMPORAL_CLI_PATH: path.join(folder, kind) });
    await expect(looking).rejects.toThrow(TemporalUnavailableError);
    await expect(looking).rejects.toThrow(/TEMPORAL_CLI_PATH .* not an executable file/);
  });

  it('a file or folder named temporal on PATH that cannot be run is passed over', async () => {
    put(path.join(bin, 'temporal'), WORKS, 0o644);
    fs.mkdirSync(path.join(folder, 'nothing', 'temporal'), { recursive: true });
    put(cached, WORKS);
    expect(await find()).toBe(cached);
  });

  it.each([{}, { XDG_CACHE_HOME: '' }, { XDG_CACHE_HOME: 'relative' }])(
    'the cache is in the home folder with %j',
    async (variables) => {
      const inHome = put(path.join(folder, '.cache', 'longhaul', `temporal-cli-${CLI_VERSION}`), WORKS);
      expect(await find({ XDG_CACHE_HOME: '', ...variables })).toBe(inHome);
    },
  );

  it('Go builds the pinned version, once, and says so', async () => {
    put(path.join(bin, 'go'), GO_THAT_BUILDS);
    await find();
    expect(fs.readFileSync(path.join(folder, 'go-arguments'), 'utf8').split('\n')).toEqual([
      'install',
      '-ldflags=-s -w',
      `github.com/temporalio/cli/cmd/temporal@v${CLI_VERSION}`,
      '',
    ]);
    expect(progress).toEqual([expect.stringMatching(/Building .* once .* minutes/)]);
    expect(fs.readdirSync(path.dirname(cached))).toEqual([path.basename(cached)]);
  });

  it('where nothing works one error tells each reason and every way out', async () => {
    const error: unknown = await find().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TemporalUnavailableError);
    const { message } = error as Error;
    expect(message).toMatch(/download: .*ECONNREFUSED/);
    expect(message).toMatch(/build with Go: Go is not on PATH/);
    expect(message).toMatch(/PATH.*TEMPORAL_CLI_PATH.*install Go/);
  });

  it('a build that fails is told by the last line of Go, and nothing stays in the cache', async () => {
    put(path.join(bin, 'go'), GO_THAT_FAILS);
    await expect(find()).rejects.toThrow(/build with Go: go: no network\n/);
    expect(fs.readdirSync(path.dirname(cached))).toEqual([]);
  });

  it('a cache folder that cannot be made is a reason like any other', async () => {
    put(path.join(folder, 'cache'), 'a file where the folder ought to be');
    await expect(find()).rejects.toThrow(/download: (EEXIST|ENOTDIR)/);
  });
});

describe('with a download server', () => {
  let server: Server;
  let origin: string;
  let calls: string[];
  let answers: Record<string, (response: ServerResponse) => void>;

  beforeEach(async () => {
    calls = [];
    server = createServer((request, response) => {
      calls.push(request.url!);
      const answer = answers[request.url!.split('?')[0]!];
      if (answer !== undefined) return answer(response);
      response.statusCode = 404;
      response.end('<html>nothing here</html>');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    answers = {
      [`/cli/v${CLI_VERSION}`]: (response) =>
        response.end(JSON.stringify({ archiveUrl: `${origin}/moved.tar.gz`, fileToExtract: 'temporal' })),
      '/moved.tar.gz': (response) => response.writeHead(302, { location: '/cli.tar.gz' }).end(),
      '/cli.tar.gz': (response) => sendArchive(response, archiveOf(WORKS)),
    };
  });

  afterEach(() => server.close());

  /** An official archive holds a licence and a manual beside the CLI. */
  function archiveOf(cli: string): Buffer {
    const source = fs.mkdtempSync(path.join(folder, 'source-'));
    put(path.join(source, 'temporal'), cli + '#'.repeat(200_000));
    put(path.join(source, 'LICENSE'), 'free', 0o644);
    execFileSync('tar', ['-czf', 'cli.tar.gz', 'temporal', 'LICENSE'], { cwd: source });
    return fs.readFileSync(path.join(source, 'cli.tar.gz'));
  }

  function sendArchive(response: ServerResponse, archive: Buffer): void {
    response.writeHead(200, { 'content-length': archive.length });
    for (let i = 0; i < archive.length; i += 7) response.write(archive.subarray(i, i + 7));
    response.end();
  }

  it('the CLI comes by the download, tried and executable, with its progress, once', async () => {
    expect(await find({}, `${origin}/cli`)).toBe(cached);
    execFileSync(cached, ['--version']);
    expect(calls).toHaveLength(3);
    expect(calls[0]).toMatch(
      /^\/cli\/v1\.5\.1\?platform=(linux|darwin|windows)&arch=(amd64|arm64)&format=tar\.gz$/,
    );
    expect(fs.readdirSync(path.dirname(cached))).toEqual([path.basename(cached)]);
    expect(progress.length).toBeLessThanOrEqual(11);
    expect(progress.at(-1)).toMatch(/100 %$/);

    expect(await find({}, `${origin}/cli`)).toBe(cached);
    expect(calls).toHaveLength(3);
  });

  it('two that want it at once both get it', async () => {
    const found = await Promise.all([find({}, `${origin}/cli`), find({}, `${origin}/cli`)]);
    expect(found).toEqual([cached, cached]);
    execFileSync(cached, ['--version']);
    expect(fs.readdirSync(path.dirname(cached))).toEqual([path.basename(cached)]);
  });

  it.each<[string, RegExp, () => void]>([
    ['answers 404', /HTTP 404/, () => (answers = {})],
    [
      'gives no JSON',
      /does not say where/,
      () => (answers[`/cli/v${CLI_VERSION}`] = (response) => response.end('<html>please log in</html>')),
    ],
    [
      'names a file outside of the archive folder',
      /does not say where/,
      () => {
        const archive = { archiveUrl: `${origin}/cli.tar.gz`, fileToExtract: '../../bin/temporal' };
        answers[`/cli/v${CLI_VERSION}`] = (response) => response.end(JSON.stringify(archive));
      },
    ],
    ['has no archive', /HTTP 404 for the archive/, () => delete answers['/cli.tar.gz']],
    [
      'breaks off',
      /./,
      () => {
        answers['/cli.tar.gz'] = (response) => {
          response.writeHead(200, { 'content-length': 1000 });
          response.write('x'.repeat(500), () => response.destroy());
        };
      },
    ],
    [
      'gives a broken archive',
      /tar cannot unpack it/,
      () => (answers['/cli.tar.gz'] = (response) => response.end('not an archive')),
    ],
    [
      'gives a CLI that does not run',
      /does not run on this machine/,
      () => (answers['/cli.tar.gz'] = (response) => sendArchive(response, archiveOf(DOES_NOT_RUN))),
    ],
  ])('a download server that %s is told, and leaves the build with Go', async (_what, reason, spoil) => {
    spoil();
    const error = (await find({}, `${origin}/cli`).catch((thrown: unknown) => thrown)) as Error;
    expect(/^ {2}download: (.*)$/m.exec(error.message)?.[1]).toMatch(reason);
    expect(fs.existsSync(cached)).toBe(false);

    put(path.join(bin, 'go'), GO_THAT_BUILDS);
    expect(await find({}, `${origin}/cli`)).toBe(cached);
    expect(fs.readdirSync(path.dirname(cached))).toEqual([path.basename(cached)]);
  });
});
