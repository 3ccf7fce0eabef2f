import { createHash } from 'node:crypto';
import fc from 'fast-check';
import {
  experimentIdOf,
  fingerprintOf,
  sha256Hex,
  type FingerprintParts,
} from '../../src/config/fingerprint';
import { freezeConfig, type FrozenConfig } from '../../src/config/frozen-config';
import { ConfigFolder, type Changes } from './config-folder';

const FROZEN: FingerprintParts['frozen'] = {
  modelName: 'm',
  temperature: 0.2,
  maxTokens: 8192,
  maxTokensWritten: false,
  systemPrompt: 'S',
  userTemplate: '<<TEXT>>',
  maxNarratives: null,
  seed: 123,
};
const fingerprint = (changes: Partial<FrozenConfig> = {}, textsSha256 = 'ab'): string =>
  fingerprintOf({ frozen: { ...FROZEN, ...changes }, textsSha256 });

describe('fingerprintOf', () => {
  it('is the SHA-256 of one written form, which must not change', () => {
    const form =
      '{"max_narratives":null,"model":"m","system_prompt":"S","temperature":0.2,"texts_sha256":"ab","user_template":"<<TEXT>>","v":1}';
    expect(fingerprint()).toBe(createHash('sha256').update(form).digest('hex'));
  });

  it.each<[string, Partial<FrozenConfig>]>([
    ['the model', { modelName: 'n' }],
    ['the temperature', { temperature: 0.3 }],
    ['the system prompt', { systemPrompt: 'S\n' }],
    ['the user template', { userTemplate: '<<TEXT>> ' }],
    ['the selection', { maxNarratives: 10 }],
    ['max_tokens as soon as it is written', { maxTokensWritten: true }],
    ['a JSON mode that is asked for', { responseFormat: 'none' }],
    ['a seed that is sent', { sendSeed: true }],
    ['what is written about answers', { answer: { decisionAliases: ['a'] } }],
    ['a default about answers that is written', { answer: { acceptPartial: false } }],
  ])('changes with %s', (_, changes) => {
    expect(fingerprint(changes)).not.toBe(fingerprint());
  });

  it('changes with the texts', () => {
    expect(fingerprint({}, 'cd')).not.toBe(fingerprint());
  });

  it.each<[string, Partial<FrozenConfig>]>([
    ['a default that nobody wrote', { maxTokens: 4096 }],
    ['notes', { notes: 'x' }],
    ['a seed that is not sent', { seed: 1 }],
    ['the JSON mode that is chosen anyway', { responseFormat: 'auto' }],
    ['the label of the prompt', { promptVersion: 'v9' }],
    ['the batch size', { batchSize: 7 }],
    ['texts that are asked once', { askOnce: true }],
  ])('does not change with %s', (_, changes) => {
    expect(fingerprint(changes)).toBe(fingerprint());
  });

  it('tells any two prompts apart', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, other) => {
        fc.pre(one !== other);
        const swapped = fingerprint({ systemPrompt: other, userTemplate: one });
        expect(fingerprint({ systemPrompt: one, userTemplate: other })).not.toBe(swapped);
      }),
    );
  });
});

describe('experimentIdOf', () => {
  const digits = '1a2b3c4d5e6f';
  it.each([
    ['Workshop brakes: v2', 1, 'workshop-brakes-v2-1a2b3c4d5e'],
    ['Workshop brakes: v2', 3, 'workshop-brakes-v2-1a2b3c4d5e-r3'],
    ['Fahrräder, große', 1, 'fahrrader-gro-e-1a2b3c4d5e'],
    ['--a__b--', 1, 'a-b-1a2b3c4d5e'],
    ['自転車', 1, 'experiment-1a2b3c4d5e'],
    ['../../etc', 1, 'etc-1a2b3c4d5e'],
    [`${'x'.repeat(39)} yz`, 1, `${'x'.repeat(39)}-1a2b3c4d5e`],
    ['y'.repeat(60), 1, `${'y'.repeat(40)}-1a2b3c4d5e`],
  ])('%s, replicate %i, is %s', (name, replicate, expected) => {
    expect(experimentIdOf(name, digits, replicate)).toBe(expected);
  });

  it('is a plain short name whatever the experiment is called', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (name) => {
        expect(experimentIdOf(name, digits, 1)).toMatch(/^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?-1a2b3c4d5e$/);
      }),
    );
  });
});

it('sha256Hex hashes UTF-8', () => {
  expect(sha256Hex('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  expect(sha256Hex('ä')).toBe(
    createHash('sha256')
      .update(Buffer.from([0xc3, 0xa4]))
      .digest('hex'),
  );
});

describe('of a loaded config', () => {
  let configs: ConfigFolder;
  beforeEach(() => {
    configs = new ConfigFolder();
  });
  afterEach(() => configs.remove());
  const ofConfig = (changes: Changes): string =>
    fingerprintOf({ frozen: freezeConfig(configs.load(changes)), textsSha256: 'ab' });

  it('the fingerprint does not know the endpoint', () => {
    const elsewhere = {
      'model.api_url': 'http://127.0.0.1:9999/v1',
      'model.timeout_sec': 5,
      'run.concurrency': 64,
      'experiment.notes': 'moved',
    };
    expect(ofConfig(elsewhere)).toBe(ofConfig({}));
  });

  it('the frozen form survives JSON, and holds neither URL nor key', () => {
    const frozen = freezeConfig(configs.load({ 'run.max_narratives': 5, 'model.max_tokens': 9 }));
    expect(JSON.parse(JSON.stringify(frozen))).toEqual(frozen);
    expect(frozen).toMatchObject({ version: 1, maxNarratives: 5, maxTokens: 9, maxTokensWritten: true });
    expect(JSON.stringify(frozen)).not.toContain('localhost');
  });
});
