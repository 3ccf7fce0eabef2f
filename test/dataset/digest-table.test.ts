import fc from 'fast-check';
import { DigestTable } from '../../src/dataset/digest-table';

it('remembers keys in their order, each with its first text, as a map does', () => {
  const entries = fc.array(fc.tuple(fc.string({ maxLength: 2 }), fc.string({ maxLength: 2 })), {
    maxLength: 50,
  });
  fc.assert(
    fc.property(entries, (added) => {
      const table = new DigestTable();
      const texts = new Map<string, string>();
      for (const [key, text] of added) {
        const place = texts.has(key) ? [...texts.keys()].indexOf(key) : -1;
        expect(table.find(key)).toBe(place);
        expect(table.add(key, text)).toBe(place);
        if (place < 0) texts.set(key, text);
        expect(table.hasText(table.find(key), text)).toBe(texts.get(key) === text);
      }
      expect(table.size).toBe(texts.size);
    }),
  );
});

it('finds each of many keys however often it has grown', () => {
  const table = new DigestTable();
  for (let index = 0; index < 20_000; index++) expect(table.add(`key ${index}`, `text ${index}`)).toBe(-1);
  for (let index = 0; index < 20_000; index++) {
    expect(table.find(`key ${index}`)).toBe(index);
    expect(table.hasText(index, `text ${index}`)).toBe(true);
    expect(table.hasText(index, `text ${index + 1}`)).toBe(false);
  }
  expect(table.find('key 20000')).toBe(-1);
});
