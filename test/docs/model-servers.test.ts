/** What docs/model-servers.md says of each server is what its profile says. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startingParameters } from '../../src/llm/effective-parameters';
import type { Dialect } from '../../src/llm/dialect';
import { DIALECTS } from '../../src/llm/dialect-profiles';

const FILE = join(__dirname, '../../docs/model-servers.md');
const ASKED = {
  modelName: 'm',
  temperature: 0,
  maxTokens: 1,
  responseFormat: 'auto',
  seed: null,
  promptSaysJson: true,
} as const;
const SEED = { supported: 'yes', serial: 'yes, one call at a time', unknown: 'not known' } as const;

function row(dialect: Dialect): string[] {
  const { name, title, tokenCapFields, keyHeader, jsonNeedsTheWord, seed, limitSource } = dialect;
  const { jsonMode } = startingParameters(dialect, ASKED, '');
  return [
    title,
    `\`${name}\``,
    `\`${tokenCapFields[0]}\``,
    jsonMode === 'none'
      ? 'none'
      : `\`${jsonMode}\`${jsonNeedsTheWord ? ' where the prompt says "JSON"' : ''}`,
    SEED[seed],
    `\`${keyHeader}\``,
    limitSource === 'none' ? 'not told' : limitSource,
  ];
}

function table(): string {
  const head = [
    'server',
    '`model.provider`',
    'bound of the reply',
    'JSON with `auto`',
    'knows a seed',
    'key in',
    'window told by',
  ];
  const rows = [head, ...DIALECTS.map(row)];
  const widths = head.map((_, column) => Math.max(...rows.map((cells) => cells[column]!.length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [line(head), rule, ...rows.slice(1).map(line)].join('\n');
}

function advice(): string {
  return DIALECTS.map(({ title, advice: words }) => `- **${title}**: ${words}`).join('\n');
}

function within(text: string, begin: RegExp, end: string, content: string): string {
  const start = begin.exec(text)!;
  const from = start.index + start[0].length;
  return `${text.slice(0, from)}\n\n${content}\n\n${text.slice(text.indexOf(end, from))}`;
}

it('docs/model-servers.md says of each server what its profile says', () => {
  const text = readFileSync(FILE, 'utf8');
  const withTable = within(text, /<!-- begin: .*-->/, '<!-- end -->', table());
  const expected = within(withTable, /<!-- begin advice -->/, '<!-- end advice -->', advice());
  if (process.env.UPDATE_DOCS === '1') writeFileSync(FILE, expected);
  expect(readFileSync(FILE, 'utf8')).toBe(expected);
});
