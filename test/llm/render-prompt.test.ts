import fc from 'fast-check';
import { createPromptRenderer } from '../../src/llm/render-prompt';

function render(userTemplate: string, text: string): string {
  return createPromptRenderer({ systemPrompt: 'Be exact.', userTemplate })(text).user;
}

describe('createPromptRenderer', () => {
  it.each([
    ['one place', 'Text: <<TEXT>>!', 'abc', 'Text: abc!'],
    ['every place', '<<TEXT>> and <<TEXT>>', 'abc', 'abc and abc'],
    ['no place', 'nothing here', 'abc', 'nothing here'],
    ['replacement patterns of the language', 'A <<TEXT>> B', "$& $1 $$ $` $' \\1", "A $& $1 $$ $` $' \\1 B"],
    ['a text that holds the placeholder', '[<<TEXT>>]', 'x <<TEXT>> y', '[x <<TEXT>> y]'],
    ['a placeholder in other letters', '<<text>> <<TEXT>>', 'abc', '<<text>> abc'],
    ['nested angle brackets', '<<<TEXT>>>', 'abc', '<abc>'],
    ['an empty text', 'a<<TEXT>>b', '', 'ab'],
  ])('fills %s', (_case, template, text, expected) => {
    expect(render(template, text)).toBe(expected);
  });

  it('leaves the system prompt as it is written', () => {
    const prompt = { systemPrompt: 'About <<TEXT>>, $&', userTemplate: '<<TEXT>>' };
    expect(createPromptRenderer(prompt)('abc')).toEqual({ system: 'About <<TEXT>>, $&', user: 'abc' });
  });

  it('puts any text exactly where the placeholders stood and changes nothing else', () => {
    const piece = fc.string().filter((text) => !text.includes('<') && !text.includes('>'));
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('<<TEXT>>', '$&', '\\1', '$<TEXT>'));
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 6 }), text, (pieces, narrative) => {
        const expected = pieces.reduce((sofar, next) => sofar + narrative + next);
        expect(render(pieces.join('<<TEXT>>'), narrative)).toBe(expected);
      }),
    );
  });
});
