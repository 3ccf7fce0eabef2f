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
    [['--host', '0.0.0.0'], 'unknown option'],
    [['extra'], 'too many arguments'],
  ])('refuses %j', async (args, message) => {
    await expect(optionsOf(...args)).rejects.toThrow(message);
  });
});
