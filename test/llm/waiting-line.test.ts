import fc from 'fast-check';
import { WaitingLine } from '../../src/llm/waiting-line';

type Item = { order: number; arrival: number };

const push = fc.record({ kind: fc.constant('push' as const), order: fc.nat(20) });
const shift = fc.record({ kind: fc.constant('shift' as const) });
const takeFirst = fc.record({ kind: fc.constant('takeFirst' as const), order: fc.nat(20) });
const takeAll = fc.record({ kind: fc.constant('takeAll' as const), order: fc.nat(20) });

describe('WaitingLine', () => {
  it('gives what a sorted list gives, whatever is done in whatever order', () => {
    const steps = fc.array(
      fc.oneof({ weight: 12, arbitrary: push }, { weight: 3, arbitrary: shift }, takeFirst, takeAll),
      {
        maxLength: 120,
        size: 'max',
      },
    );
    fc.assert(
      fc.property(steps, (all) => {
        const line = new WaitingLine<Item>();
        let model: Item[] = [];
        all.forEach((step, arrival) => {
          if (step.kind === 'push') {
            line.push(step.order, { order: step.order, arrival });
            model.push({ order: step.order, arrival });
            model.sort((a, b) => a.order - b.order || a.arrival - b.arrival);
          } else if (step.kind === 'shift') {
            expect(line.shift()).toEqual(model.shift());
          } else if (step.kind === 'takeFirst') {
            const index = model.findIndex(({ order }) => order === step.order);
            const [expected] = index === -1 ? [] : model.splice(index, 1);
            expect(line.takeFirst(({ order }) => order === step.order)).toEqual(expected);
          } else {
            const taken = line.takeAll(({ order }) => order === step.order);
            expect(taken).toHaveLength(model.filter(({ order }) => order === step.order).length);
            model = model.filter(({ order }) => order !== step.order);
          }
          expect(line.length).toBe(model.length);
        });
        expect(Array.from({ length: model.length }, () => line.shift())).toEqual(model);
      }),
    );
  });
});
