import fc from 'fast-check';
import { redact } from '../../src/llm/redact';

const WITHHELD = '[withheld: quotes the text]';
const KEY = 'abcd1234efgh5678';

function redactKeys(message: string): string {
  return redact(message, { secrets: [KEY, ''], texts: [] });
}

function redactText(message: string, text: string): string {
  return redact(message, { secrets: [], texts: ['another text', text] });
}

describe('redact', () => {
  it.each([
    ['a given key', `key ${KEY} is wrong`, 'key [key] is wrong'],
    ['a given key cut by the end', `bad key: ${KEY.slice(0, 9)}`, 'bad key: [key]'],
    ['a key by its form', 'Incorrect key: sk-proj_12*34.', 'Incorrect key: [key]'],
    ['a bearer token', 'sent "Bearer eyJh.bGci", no', 'sent "Bearer [key]", no'],
  ])('replaces %s', (_case, message, expected) => {
    expect(redactKeys(message)).toBe(expected);
  });

  it('leaves words that only look like a key', () => {
    expect(redactKeys('a high-risk-assessment task-list')).toBe('a high-risk-assessment task-list');
  });

  it('turns control characters into blanks', () => {
    expect(redactKeys('\u001b[31mred\r\nline\u0000\u009b two\u202e')).toBe('[31mred line two');
  });

  it('cuts to 500 characters and never through a character', () => {
    expect(redactKeys('x'.repeat(5000))).toBe('x'.repeat(500));
    expect(redactKeys(`${'x'.repeat(499)}\u{1F600}`)).toBe('x'.repeat(499));
  });

  it('cuts no key in two where the message is cut', () => {
    expect(redactKeys(`${'x'.repeat(495)} ${KEY}`)).not.toContain(KEY.slice(0, 4));
  });

  const text = 'The victim was found at home by a neighbor on the morning of the third day.';
  it.each([
    ['the whole text', `failed on: ${text}`],
    ['20 characters of its middle', `near "${text.slice(31, 51)}"`],
    ['its last 20 characters', text.slice(-20)],
    ['other blanks and letter case', 'THE VICTIM WAS\n\tFOUND AT HOME'],
  ])('withholds a message that quotes %s', (_case, message) => {
    expect(redactText(message, text)).toBe(WITHHELD);
  });

  it('passes a message that shares 19 characters', () => {
    const message = `"${text.slice(31, 50).trim()}"`;
    expect(redactText(message, text)).toBe(message);
  });

  it('withholds a message that quotes a short text as a whole', () => {
    expect(redactText('invalid: Need LE report.', 'Need LE report.')).toBe(WITHHELD);
    expect(redactText('an error of the server', 'an')).toBe('an error of the server');
  });

  it('withholds exactly the messages that share a run of 20 characters', () => {
    const letters = (minLength: number) =>
      fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength, maxLength: 60 });
    const piece = fc.record({ start: fc.nat(40), length: fc.integer({ min: 15, max: 25 }) });
    fc.assert(
      fc.property(letters(20), piece, letters(0), letters(1), (quoted, { start, length }, before, after) => {
        const message = before + quoted.slice(start, start + length) + after;
        const runs = Array.from({ length: Math.max(0, message.length - 19) }, (_item, at) =>
          message.slice(at, at + 20),
        );
        const isQuote = runs.some((run) => quoted.includes(run));
        expect(redactText(message, quoted)).toBe(isQuote ? WITHHELD : message);
      }),
      { numRuns: 2000 },
    );
  });

  it('finds a quotation at the end of a long text in little time', () => {
    const long = `${Array.from({ length: 100_000 }, (_item, line) => `line ${line}`).join('\n')} ${text}`;
    const startedMs = performance.now();
    expect(redactText(text.slice(5), long)).toBe(WITHHELD);
    expect(redactText('the server has no room left for it', long)).toContain('no room');
    expect(performance.now() - startedMs).toBeLessThan(2000);
  });
});
