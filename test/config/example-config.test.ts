import fs from 'node:fs';
import path from 'node:path';
import { loadConfig } from '../../src/config/load-config';
import { z } from 'zod';
import { ConfigSchema } from '../../src/config/schema';

const FILE = path.join(__dirname, '../../configs/example.yaml');
const load = () => loadConfig(FILE, { environment: {}, workingDirectory: path.dirname(FILE) });

describe('configs/example.yaml', () => {
  it('loads without a notice', () => {
    expect(load()).toMatchObject({ name: 'workshop brakes', notices: [expect.stringMatching(/^run\.seed/)] });
  });

  it('shows every key that does something', () => {
    const text = fs.readFileSync(FILE, 'utf8');
    const keys = Object.values(ConfigSchema.shape)
      .flatMap((section): [string, { description?: string }][] =>
        Object.entries((section instanceof z.ZodOptional ? section.unwrap() : section).shape),
      )
      .filter(([, schema]) => !schema.description?.startsWith('No effect'))
      .map(([key]) => key);
    expect(keys.length).toBeGreaterThan(20);
    expect(keys.filter((key) => !new RegExp(`^  (# )?${key}:`, 'm').test(text))).toEqual([]);
  });
});
