import fc from 'fast-check';
import { Output } from '../../src/commands/output';

function printed(print: (output: Output) => void): string {
  let text = '';
  const stream = { write: (chunk: string) => (text += chunk) };
  print(new Output({ stdout: stream, stderr: { write: () => {} } }, true));
  return text;
}

const rows = fc.array(fc.dictionary(fc.string(), fc.jsonValue(), { noNullPrototype: true }), {
  maxLength: 4,
});

it('a list that is printed row by row is the document that it would be as a whole', () => {
  fc.assert(
    fc.property(rows, fc.string(), (list, name) => {
      const head = { name, counts: [{ n: 1 }] };
      const whole = { ...head, list };
      expect(printed((output) => output.factsWithList(head, ['list', list], () => ''))).toBe(
        printed((output) => output.facts(whole, () => '')),
      );
      expect(printed((output) => output.list(list, () => ''))).toBe(
        printed((output) => output.facts(list, () => '')),
      );
    }),
  );
});
