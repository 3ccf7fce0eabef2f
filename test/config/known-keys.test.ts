import { z } from 'zod';
import { isKnownKey, kindOfKey, SECTIONS, suggestKey } from '../../src/config/known-keys';
import { ConfigSchema } from '../../src/config/schema';
import { ConfigFolder } from './config-folder';

describe('suggestKey', () => {
  it.each([
    ['model', 'temprature', 'Did you mean "temperature"?'],
    ['model', 'maxTokens', 'Did you mean "max_tokens"?'],
    ['model', 'apiurl', 'Did you mean "api_url"?'],
    ['model', 'API-URL', 'Did you mean "api_url"?'],
    ['prompt', 'system_promt', 'Did you mean "system_prompt"?'],
    ['run', 'max_tokens', 'It belongs under "model:"'],
    ['run', 'max_token', 'Did you mean "max_tokens" under "model:"?'],
    ['data', 'name', 'It belongs under "experiment:" or "model:"'],
    [null, 'temperature', 'It belongs under "model:"'],
    [null, 'modle', 'Did you mean "model"?'],
    [null, 'colour', 'Known here: experiment, model, prompt, data, run, answer'],
    ['data', 'sheet_of_paper', 'Known here: file'],
    ['run', 'databse', 'Known here: seed, max_narratives'],
  ])('under %s, %s gives: %s', (section, key, expected) => {
    expect(suggestKey(section, key)).toContain(expected);
  });
});

it('a stray line of a prompt and names of every object are refused without being quoted or trusted', () => {
  const configs = new ConfigFolder();
  try {
    const changes = { 'run.She said that the CANARY sang': 'x', 'run.constructor': 1, 'run.<<': 2 };
    const problems = configs.problems(changes);
    expect(problems).toHaveLength(3);
    expect(problems.join()).not.toContain('CANARY');
    expect(problems[0]).toMatch(/^run\.\(not a plain name\): unknown key/);
    expect(problems[1]).toMatch(/^run\.constructor: unknown key/);
  } finally {
    configs.remove();
  }
});

it('the kinds of keys are those of the schema', () => {
  expect(SECTIONS).toEqual(['experiment', 'model', 'prompt', 'data', 'run', 'answer', 'notify']);
  expect(kindOfKey('model', 'name')).toBe('text');
  expect(kindOfKey('model', 'temperature')).toBe('number');
  expect(kindOfKey('run', 'concurrency')).toBe('number or word');
  expect(kindOfKey('run', 'save_csv_json')).toBe('boolean');
  expect(kindOfKey('run', 'database')).toBeNull();
  expect(kindOfKey('nothing', 'name')).toBeNull();
  expect(isKnownKey('run', 'database')).toBe(true);
  expect(isKnownKey('run', 'toString')).toBe(false);
  expect(isKnownKey('toString', 'name')).toBe(false);
});

describe('every key of the schema', () => {
  const keys = Object.entries(ConfigSchema.shape).flatMap(([section, schema]) =>
    Object.entries((schema instanceof z.ZodOptional ? schema.unwrap() : schema).shape).map(
      ([key, each]): [string, string | undefined] => [`${section}.${key}`, (each as z.ZodType).description],
    ),
  );

  it.each(keys)('%s says what it means and whether it has a default or is required', (_, description) => {
    expect(description).toMatch(/^.+[.:] .+; .*(default|required)|^No effect: .+ default none\.$/);
  });

  it('goes into a JSON schema', () => {
    const schema = z.toJSONSchema(ConfigSchema) as { required: string[]; additionalProperties: boolean };
    expect(schema.required).toEqual(['experiment', 'model', 'prompt', 'data', 'run']);
    expect(schema.additionalProperties).toBe(false);
  });
});
