/** The references that are made from the code: of the config keys, of the commands, and the JSON Schema for editors. */
import { Command } from 'commander';
import { format } from 'prettier';
import { z } from 'zod';
import { COMMANDS } from '../src/commands/program';
import { ConfigSchema } from '../src/config/schema';

const MADE = 'Made from the code by `npm run reference`; a test keeps it true.';

/** Content of each made file, by its path from the root of the repository. */
export async function makeReferences(): Promise<Record<string, string>> {
  return {
    'configs/experiment.schema.json': await format(JSON.stringify(jsonSchema()), {
      parser: 'json',
      printWidth: 110,
    }),
    'docs/configuration.md': await formatMarkdown(configuration()),
    'docs/commands.md': await formatMarkdown(commands()),
  };
}

function formatMarkdown(text: string): Promise<string> {
  return format(text, { parser: 'markdown', printWidth: 120, proseWrap: 'preserve' });
}

function jsonSchema(): object {
  const { $schema, ...schema } = z.toJSONSchema(ConfigSchema, { io: 'input' });
  return { $schema, title: 'Longhaul experiment', ...schema };
}

function configuration(): string {
  const sections = Object.entries(ConfigSchema.shape).map(([name, schema]) => {
    const section = schema instanceof z.ZodOptional ? schema.unwrap() : schema;
    const keys = Object.entries(section.shape as Record<string, z.ZodType>);
    const rows = keys.map(([key, { description }]) => `| \`${key}\` | ${cell(description ?? '')} |`);
    return [
      `## ${name}`,
      '',
      schema.description ?? '',
      '',
      '| key | meaning |',
      '| --- | --- |',
      ...rows,
      '',
    ].join('\n');
  });
  return [
    '# Config keys',
    '',
    `${MADE} [configs/example.yaml](../configs/example.yaml) shows them in use. Editors complete and check a config`,
    'that begins with `# yaml-language-server: $schema=experiment.schema.json` (the path of `configs/experiment.schema.json`).',
    '',
    ...sections,
  ].join('\n');
}

function commands(): string {
  const texts = COMMANDS.map((definition) => {
    const command = new Command();
    definition.declareOptions?.(command);
    const options = command.options.map(
      ({ flags, description }) => `| \`${cell(flags)}\` | ${cell(description)} |`,
    );
    const table = options.length === 0 ? [] : ['', '| option | meaning |', '| --- | --- |', ...options];
    const lines = definition.examples.map(([line, does]) => `${line}   # ${does}`);
    const examples = ['', '```sh', ...lines, '```'];
    return [`## client ${definition.syntax}`, '', `${definition.summary}.`, ...table, ...examples, ''].join(
      '\n',
    );
  });
  return [
    '# Commands',
    '',
    `${MADE} Every command takes \`--db <path>\` (the results file; else EXPERIMENTS_DB, else .db_config, else`,
    'data/experiments.db), `--json` (one JSON document on stdout, messages on stderr) and `--help`.',
    '',
    ...texts,
  ].join('\n');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
