import { ConfigFolder } from './config-folder';

const configs = new ConfigFolder();
afterAll(() => configs.remove());

describe('model.response_format and model.send_seed', () => {
  it('are taken as written', () => {
    const { model } = configs.load({ 'model.response_format': 'json_schema', 'model.send_seed': true });
    expect(model).toMatchObject({ responseFormat: 'json_schema', sendSeed: true });
  });

  it('are told what they may be', () => {
    expect(configs.problems({ 'model.response_format': 'json', 'model.send_seed': 'yes' })).toEqual([
      'model.response_format: must be one of auto, json_schema, json_object, none',
      'model.send_seed: must be true or false',
    ]);
  });

  it.each(['mlx', 'MLX', 'mlx_lm.server'])(
    'refuse a seed with several calls at a time for %s',
    (provider) => {
      const changes = { 'model.provider': provider, 'model.send_seed': true };
      expect(configs.problems(changes)).toEqual([
        'model.send_seed: makes MLX serve one call at a time, and run.concurrency is auto. Leave it out, or set run.concurrency: 1',
      ]);
      expect(configs.load({ ...changes, run: { concurrency: 1 } }).model.sendSeed).toBe(true);
      expect(configs.load({ 'model.provider': provider }).model.sendSeed).toBe(false);
    },
  );
});
