import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, cpSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const ROOT = path.join(__dirname, '../..');
const FILES = ['configs/experiment.schema.json', 'docs/configuration.md', 'docs/commands.md'];

it('the references of config keys and commands are as the code makes them', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'longhaul-'));
  try {
    for (const name of ['configs', 'docs'])
      cpSync(path.join(ROOT, name), path.join(folder, name), { recursive: true });
    const script = ['scripts/run-typescript.js', 'scripts/write-reference.ts'].map((file) =>
      path.join(ROOT, file),
    );
    expect(spawnSync(process.execPath, script, { cwd: folder, encoding: 'utf8' }).stderr).toBe('');
    for (const file of FILES)
      expect(readFileSync(path.join(ROOT, file), 'utf8')).toBe(readFileSync(path.join(folder, file), 'utf8'));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('the schema for editors knows every section of the example, and no key is left undescribed', () => {
  const schema = JSON.parse(readFileSync(path.join(ROOT, FILES[0]!), 'utf8')) as {
    additionalProperties: boolean;
    properties: Record<string, { properties: Record<string, { description?: string }> }>;
  };
  expect(schema.additionalProperties).toBe(false);
  expect(Object.keys(schema.properties)).toEqual(
    expect.arrayContaining(['experiment', 'model', 'prompt', 'data', 'run']),
  );
  for (const [section, { properties }] of Object.entries(schema.properties))
    for (const [key, { description }] of Object.entries(properties))
      expect({ section, key, description }).toEqual({
        section,
        key,
        description: expect.any(String) as string,
      });
});
