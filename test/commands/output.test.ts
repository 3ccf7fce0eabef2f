import { PassThrough, type Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { Output } from '../../src/commands/output';

async function printed(print: (output: Output) => void | Promise<void>): Promise<string> {
  let text = '';
  const stream = { write: (chunk: string) => (text += chunk) };
  await print(new Output({ stdout: stream, stderr: { write: () => {} } }, true));
  return text;
}

const rows = fc.array(fc.dictionary(fc.string(), fc.jsonValue(), { noNullPrototype: true }), {
  maxLength: 4,
});

it('a list that is printed row by row is the document that it would be as a whole', async () => {
  await fc.assert(
    fc.asyncProperty(rows, fc.string(), async (list, name) => {
      const head = { name, counts: [{ n: 1 }] };
      const whole = { ...head, list };
      expect(await printed((output) => output.factsWithList(head, ['list', list], () => ''))).toBe(
        await printed((output) => output.facts(whole, () => '')),
      );
      expect(await printed((output) => output.list(list, () => ''))).toBe(
        await printed((output) => output.facts(list, () => '')),
      );
    }),
  );
});

/** Rows of a thousand characters each, counted as they are read. */
function* counted(n: number, read: { rows: number }): Iterable<{ text: string }> {
  while (read.rows < n) {
    read.rows += 1;
    yield { text: 'x'.repeat(1000) };
  }
}

function listTo(stdout: Writable, rows: Iterable<unknown>): Promise<void> {
  return new Output({ stdout, stderr: { write: () => {} } }, true).list(rows, () => '');
}

it('a long list is read no faster than it is taken', async () => {
  const read = { rows: 0 };
  const pipe = new PassThrough();
  const printing = listTo(pipe, counted(5000, read));
  await sleep(50);
  expect(read.rows).toBeLessThan(300);
  const taken = text(pipe);
  await printing;
  pipe.end();
  expect(JSON.parse(await taken)).toHaveLength(5000);
});

it('a long list ends where nobody reads on', async () => {
  const read = { rows: 0 };
  const pipe = new PassThrough();
  pipe.on('error', () => {});
  const printing = listTo(pipe, counted(5000, read));
  await sleep(50);
  pipe.destroy(Object.assign(new Error('closed'), { code: 'EPIPE' }));
  await printing;
  expect(read.rows).toBeLessThan(300);
});
