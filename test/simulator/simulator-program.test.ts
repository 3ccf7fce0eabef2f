import type { ModelServerOptions } from '../../src/simulator/model-server';
import { createSimulatorProgram } from '../../src/simulator/simulator-program';

async function optionsOf(...args: string[]): Promise<ModelServerOptions> {
  const parsed: ModelServerOptions[] = [];
  const program = createSimulatorProgram((options) => {
    parsed.push(options);
    return Promise.resolve();
  });
  program.exitOverride().configureOutput({ writeErr: () => undefined });
  await program.parseAsync(args, { from: 'user' });
  expect(parsed).toHaveLength(1);
  return parsed[0] as ModelServerOptions;
}

describe('createSimulatorProgram', () => {
  it('listens on port 8321 with 300 ms latency by default', async () => {
    expect(await optionsOf()).toEqual({
      port: 8321,
      seed: 1,
      latency: { kind: 'constant', ms: 300 },
      callLogFile: undefined,
    });
  });

  it.each<[string[], Partial<ModelServerOptions>]>([
    [['--port', '0', '--seed', '7'], { port: 0, seed: 7 }],
    [['--latency-ms', '0'], { latency: { kind: 'constant', ms: 0 } }],
    [['--latency-mean-ms', '500'], { latency: { kind: 'lognormal', meanMs: 500, sigma: 0.8 } }],
    [
      ['--latency-mean-ms', '500', '--latency-sigma', '0.35'],
      { latency: { kind: 'lognormal', meanMs: 500, sigma: 0.35 } },
    ],
    [['--call-log', 'calls.jsonl'], { callLogFile: 'calls.jsonl' }],
    [['--latency-max-ms', '500'], { latency: { kind: 'uniform', minMs: 0, maxMs: 500 } }],
    [
      ['--latency-min-ms', '100', '--latency-max-ms', '500'],
      { latency: { kind: 'uniform', minMs: 100, maxMs: 500 } },
    ],
    [
      ['--straggler-share', '0.05', '--latency-ms', '20'],
      {
        latency: {
          kind: 'stragglers',
          share: 0.05,
          stragglerMs: 60_000,
          others: { kind: 'constant', ms: 20 },
        },
      },
    ],
    [
      ['--faults', '17,42', '--rate', '0.1'],
      { faults: { list: '17,42', rate: 0.1, callsPerText: undefined } },
    ],
    [['--faults', 'mix', '--faulty-calls', '3'], { faults: { list: 'mix', callsPerText: 3 } }],
    [['--faults', '44', '--faulty-calls', 'always'], { faults: { list: '44', callsPerText: Infinity } }],
    [
      ['--time', 'dripMs=5', '--time', 'retryAfterSeconds=0.5'],
      { times: { dripMs: 5, retryAfterSeconds: 0.5 } },
    ],
    [
      ['--dialect', 'vllm', '--model', 'm', '--context-tokens', '8192'],
      { dialect: 'vllm', modelName: 'm', contextTokens: 8192 },
    ],
    [
      ['--requests-per-minute', '60', '--tokens-per-minute', '9000', '--burst-seconds', '2'],
      { limits: { requestsPerMinute: 60, tokensPerMinute: 9000, burstSeconds: 2 } },
    ],
    [
      ['--slots', '4', '--queue', '0', '--refusal', '503', '--load', 'peaks:4'],
      { capacity: { slots: 4, queue: 0, load: { kind: 'peaks', at: 4 } }, refusal: '503' },
    ],
    [['--load', 'linear:0.05'], { capacity: { load: { kind: 'linear', perCall: 0.05 } } }],
    [
      ['--unload-after-ms', '300000', '--load-ms', '20000'],
      { capacity: { unloadAfterMs: 300_000, loadMs: 20_000 } },
    ],
    [
      ['--die-after-calls', '100', '--away-ms', '500'],
      { lifespan: { calls: 100, promptBytes: undefined, awayMs: 500 } },
    ],
    [['--die-after-bytes', '1000000'], { lifespan: { promptBytes: 1_000_000 } }],
  ])('reads %j', async (args, expected) => {
    expect(await optionsOf(...args)).toMatchObject(expected);
  });

  it.each([
    [['--port', '70000'], 'at most 65535'],
    [['--port', '80.5'], 'whole number'],
    [['--latency-ms', '-1'], 'number from 0 on'],
    [['--latency-ms', ''], 'number from 0 on'],
    [['--seed', 'x'], 'number from 0 on'],
    [['--latency-ms', '5', '--latency-mean-ms', '5'], 'cannot be used with'],
    [['--latency-sigma', '0.8'], 'needs --latency-mean-ms'],
    [['--latency-min-ms', '5'], 'needs --latency-max-ms'],
    [['--straggler-share', '1.5'], 'share from 0 to 1'],
    [['--rate', '0.1'], 'needs --faults'],
    [['--faults', '44', '--rate', '10'], 'share from 0 to 1'],
    [['--faults', '44', '--faulty-calls', '0'], 'from 1 on, or always'],
    [['--time', 'drip=5'], 'Give one of retryAfterSeconds, '],
    [['--time', 'dripMs'], 'number from 0 on'],
    [['--dialect', 'azure'], 'Allowed choices are generic, openai, '],
    [['--queue', '5'], 'needs --slots'],
    [['--slots', '0'], 'number from 1 on'],
    [['--refusal', '500'], 'Allowed choices are 429, 503'],
    [['--load', 'peaks:0'], 'saturates:CALLS'],
    [['--load', 'falls:4'], 'saturates:CALLS'],
    [['--load-ms', '5'], 'needs --unload-after-ms'],
    [['--host', '0.0.0.0'], 'unknown option'],
    [['extra'], 'too many arguments'],
  ])('refuses %j', async (args, message) => {
    await expect(optionsOf(...args)).rejects.toThrow(message);
  });

  it('prints the catalogue of faults without serving', async () => {
    const printed: string[] = [];
    const program = createSimulatorProgram(
      () => Promise.reject(new Error('served')),
      (text) => printed.push(text),
    );
    await program.parseAsync(['--list-faults'], { from: 'user' });
    expect(printed.join('')).toContain('| 70  |');
    expect(printed.join('')).toContain('`26:` openai');
  });

  it('explains every option that a server has', () => {
    const help = createSimulatorProgram(() => Promise.resolve()).helpInformation();
    for (const option of ['--faults', '--list-faults', '--slots', '--load', '--die-after-calls', '--time']) {
      expect(help).toContain(`${option} `);
    }
  });
});
