/** A temporary folder with config files, and shorthands for what the config tests do with them. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { stringify } from 'yaml';
import type { Environment } from '../../src/config/environment';
import { loadConfig, type ExperimentConfig } from '../../src/config/load-config';
import { ConfigError, type ConfigProblem } from '../../src/errors';

/** Values by dotted key; undefined leaves the key out. */
export type Changes = Record<string, unknown>;

const VALID: Changes = {
  'experiment.name': 'brakes',
  'model.name': 'some-model',
  'model.temperature': 0.2,
  'model.api_url': 'http://localhost:1234/v1/chat/completions',
  'prompt.version': 'v1',
  'prompt.system_prompt': 'You read repair notes.',
  'prompt.user_template': 'Note: <<TEXT>>',
  'data.file': 'notes.csv',
  run: {},
};

/** YAML of a valid config with some keys changed. */
export function configText(changes: Changes = {}): string {
  const root: Record<string, unknown> = {};
  for (const [dotted, value] of Object.entries({ ...VALID, ...changes })) {
    const [section, key] = dotted.split('.') as [string, string | undefined];
    if (key === undefined) root[section] = value;
    else root[section] = { ...(root[section] as object | undefined), [key]: value };
  }
  return stringify(root);
}

export class ConfigFolder {
  readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), 'longhaul-'));

  /** Writes a file, making the folders above it, and gives its absolute path. */
  write(name: string, content: string | Buffer): string {
    const file = path.join(this.folder, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, content);
    return file;
  }

  /** Loads a config text; the folder is the working directory. */
  loadText(text: string, environment: Environment = {}): ExperimentConfig {
    this.write('config.yaml', text);
    return loadConfig('config.yaml', { environment, workingDirectory: this.folder });
  }

  /** Loads the valid config with changes. */
  load(changes: Changes = {}, environment: Environment = {}): ExperimentConfig {
    return this.loadText(configText(changes), environment);
  }

  /** The problems of a config text; fails when it has none. */
  problemsOfText(text: string, environment: Environment = {}): readonly ConfigProblem[] {
    try {
      this.loadText(text, environment);
    } catch (error) {
      if (error instanceof ConfigError) return error.problems;
      throw error;
    }
    throw new Error('the config has no problem');
  }

  /** The problems of the valid config with changes, as `path: message`. */
  problems(changes: Changes, environment: Environment = {}): string[] {
    return this.problemsOfText(configText(changes), environment).map(
      ({ path: at, message }) => `${at}: ${message}`,
    );
  }

  remove(): void {
    fs.rmSync(this.folder, { recursive: true });
  }
}
