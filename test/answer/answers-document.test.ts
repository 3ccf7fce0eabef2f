import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ANSWER_NOTES } from '../../src/answer/answer';
import { ANSWER_ERRORS } from '../../src/answer/answer-errors';

/** First cells of a table of docs/answers.md, with the second cells. */
function tableAfter(heading: string): Map<string, string> {
  const text = readFileSync(path.join(__dirname, '../../docs/answers.md'), 'utf8');
  const section = text.split(`## ${heading}\n`)[1]!.split('\n## ')[0]!;
  const rows = [...section.matchAll(/^\| `(\w+)` +\| (.+?) +\|/gm)];
  return new Map(rows.map(([, first, second]) => [first!, second!]));
}

describe('docs/answers.md', () => {
  it('lists every error code with its category', () => {
    const categories = Object.entries(ANSWER_ERRORS).map(([code, { category }]) => [code, `\`${category}\``]);
    expect(Object.fromEntries(tableAfter('Errors'))).toEqual(Object.fromEntries(categories));
  });

  it('lists every note', () => {
    expect([...tableAfter('Notes').keys()]).toEqual([...ANSWER_NOTES]);
  });
});
