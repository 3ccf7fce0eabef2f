import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ERROR_CATEGORIES } from '../../../src/experiment';
import { FAULTS } from '../../../src/simulator/faults/catalogue';
import { classesOf } from '../../../src/simulator/faults/fault';
import { formatFaultTable, formatVariantList } from '../../../src/simulator/faults/fault-table';
import { FaultListError, parseFaultList } from '../../../src/simulator/faults/parse-fault-list';

const DOCUMENT = path.join(__dirname, '../../../docs/simulator.md');

describe('the catalogue of faults', () => {
  it('numbers its rows from 1 without a gap', () => {
    expect(FAULTS.map(({ number }) => number)).toEqual(FAULTS.map((_, index) => index + 1));
    expect(FAULTS.length).toBeGreaterThanOrEqual(70);
  });

  it('names each variant of a row differently and gives what is no answer a category', () => {
    for (const { variants } of FAULTS) {
      expect(new Set(variants.map(({ name }) => name)).size).toBe(variants.length);
      for (const { faultClass, category } of variants) {
        const isFault = faultClass !== null && faultClass !== 'V';
        expect(category === null).toBe(!isFault);
        if (category !== null) expect(ERROR_CATEGORIES).toContain(category);
      }
    }
  });

  it('serves every row by a reply, but for those that say who else does', () => {
    const unserved = FAULTS.filter(({ variants }) => variants.some(({ serve }) => serve === null));
    expect(unserved.map(({ number, servedBy }) => [number, servedBy])).toEqual([
      [65, 'caller'],
      [66, 'server'],
    ]);
  });

  it.each([
    [1, 'V'],
    [7, 'P'],
    [9, 'T / X / P'],
    [22, 'V / X'],
    [8, 'P / X'],
    [18, 'T / X'],
    [30, 'T → P / X'],
    [57, 'T / T → P / X'],
    [65, 'T / X'],
    [34, 'X / T'],
    [37, 'T / X'],
    [42, 'P / X'],
    [51, 'T → P'],
    [69, '–'],
  ])('gives row %i the classes %s', (number, classes) => {
    const fault = FAULTS[number - 1];
    expect(fault && classesOf(fault)).toBe(classes);
  });

  it('stands in the document as the code has it', () => {
    const document = readFileSync(DOCUMENT, 'utf8');
    expect(document).toContain(`\n${formatFaultTable()}\n`);
    expect(document).toContain(`\n${formatVariantList()}\n`);
  });
});

describe('parseFaultList', () => {
  const read = (list: string) =>
    parseFaultList(list).map(({ fault, variants }) => [fault.number, variants.map(({ name }) => name)]);

  it('reads numbers, ranges and variants', () => {
    expect(read('17, 26:vllm,39')).toEqual([
      [17, ['only']],
      [26, ['vllm']],
      [39, ['408', '409', '499']],
    ]);
    expect(read('44-46').map(([number]) => number)).toEqual([44, 45, 46]);
    expect(read('')).toEqual([]);
  });

  it.each([
    ['0', 'no fault 0'],
    ['74', 'numbered 1 to 73'],
    ['40-90', 'no fault 40-90'],
    ['9-3', 'no fault 9-3'],
    ['x', '"x" is no fault'],
    ['26:absent', 'Fault 26 has no variant "absent". It has: openai, '],
  ])('refuses %s', (list, message) => {
    expect(() => parseFaultList(list)).toThrow(FaultListError);
    expect(() => parseFaultList(list)).toThrow(message);
  });
});
