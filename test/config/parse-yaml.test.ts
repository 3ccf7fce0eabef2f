import fc from 'fast-check';
import { parseYaml } from '../../src/config/parse-yaml';

describe('parseYaml', () => {
  it.each<[string, string, number, string]>([
    ['a tab', 'a:\n\tb: 1', 2, 'a tab is used'],
    ['an open quote', 'a: 1\nb: "x', 2, 'something is missing'],
    ['a second colon', 'a: 1\nnotes: CANARY: y', 2, 'a second ": " in one line'],
    ['a line that is no key', 'a: |\n  text\nCANARY went on\nb: 1', 3, 'neither "key: value" nor indented'],
    ['a second document', 'a: 1\n---\nb: 2', 2, 'a second document'],
    ['a bad escape', 'a: "CANARY\\q"', 1, 'this backslash'],
    ['a reserved sign', 'a: `CANARY`', 1, 'needs quotes'],
    ['a list for a key', '[CANARY]: 1', 1, 'a key must be a plain name'],
    ['an alias without anchor', 'a: *CANARY', 1, 'has no anchor'],
  ])('tells the line of %s without quoting it, and trusts nothing', (_, text, line, expected) => {
    const { problems, isReadable } = parseYaml(text);
    expect(problems[0]).toMatchObject({ line, message: expect.stringContaining(expected) as string });
    expect(JSON.stringify(problems)).not.toContain('CANARY');
    expect(isReadable).toBe(false);
  });

  it('reports a key that stands twice by its path and reads on', () => {
    const { problems, isReadable } = parseYaml('model:\n  name: a\n  name: b\nrun: {}\nrun: {}\n');
    expect(problems).toMatchObject([
      { path: ['model', 'name'], line: 3 },
      { path: ['run'], line: 5 },
    ]);
    expect(isReadable).toBe(true);
  });

  it('takes no tags', () => {
    const { problems } = parseYaml('a: !!binary aGk=\nb: !!js/function x\nc: !own y');
    expect(problems.map(({ line }) => line)).toEqual([1, 2, 3]);
  });

  it('stops aliases that multiply', () => {
    const level = (name: string, from: string) => `${name}: &${name} [${Array(9).fill(from).join(',')}]\n`;
    const text = level('a', 'x') + level('b', '*a') + level('c', '*b') + level('d', '*c') + level('e', '*d');
    expect(parseYaml(text)).toMatchObject({ values: null, isReadable: false });
  });

  it('takes a few aliases, and finds lines and sources through them', () => {
    const yaml = parseYaml('a: &one\n  version: 1.10\nb: *one\n');
    expect(yaml.values).toEqual({ a: { version: 1.1 }, b: { version: 1.1 } });
    expect(yaml.problems).toEqual([]);
    expect(yaml.lineOf(['b', 'version'])).toBe(2);
    expect(yaml.sourceOf(['b', 'version'])).toBe('1.10');
  });

  it('gives the line of the section for a missing key, and none for a missing section', () => {
    const yaml = parseYaml('# first\nmodel:\n  hosts:\n    - a\n    - b\n');
    expect(yaml.lineOf(['model', 'name'])).toBe(2);
    expect(yaml.lineOf(['model', 'hosts', 1])).toBe(5);
    expect(yaml.lineOf(['run', 'seed'])).toBeNull();
    expect(yaml.sourceOf(['model', 'name'])).toBeNull();
  });

  it('reads plain words as YAML 1.2 does', () => {
    expect(parseYaml('a: yes\nb: no\nc: 010\nd: 2024-01-01\n1: x').values).toEqual({
      a: 'yes',
      b: 'no',
      c: 10,
      d: '2024-01-01',
      '1': 'x',
    });
  });

  it('never throws', () => {
    const piece = fc.constantFrom(
      'a',
      ': ',
      '\n',
      '  ',
      '- ',
      '*a',
      '&a ',
      '!x ',
      '[',
      ']',
      '{',
      '}',
      '"',
      '|',
      '<<',
      '? ',
      '#',
      '---',
      '\t',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const { problems, isReadable } = parseYaml(pieces.join(''));
        expect(isReadable || problems.length > 0).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
