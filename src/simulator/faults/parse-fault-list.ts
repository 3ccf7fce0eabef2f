import { LonghaulError } from '../../errors';
import { FAULTS, getFault } from './catalogue';
import type { Fault, FaultVariant } from './fault';

/** A row and those of its variants that may come up. */
export interface FaultChoice {
  fault: Fault;
  variants: readonly FaultVariant[];
}

/** Thrown when a list of faults cannot be read or names what the catalogue does not hold. */
export class FaultListError extends LonghaulError {}

/** Reads a list such as `17,26:vllm,44-48` or `mix`: all rows that concern one call and stop no experiment. */
export function parseFaultList(list: string): FaultChoice[] {
  return list
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
    .flatMap(parseItem);
}

function parseItem(item: string): FaultChoice[] {
  if (item === 'mix') return FAULTS.flatMap(mixable);
  const match = /^(\d+)(?:-(\d+)|:([\w.-]+))?$/.exec(item);
  if (match === null) {
    throw new FaultListError(`"${item}" is no fault. Give numbers, ranges, number:variant or mix.`);
  }
  const [, first, last, variant] = match;
  if (variant !== undefined) return [pickVariant(Number(first), variant)];
  const [from, to] = [Number(first), Number(last ?? first)];
  if (to < from || to > FAULTS.length) throw noSuchFault(item);
  return Array.from({ length: to - from + 1 }, (_, index) => allOf(from + index));
}

function mixable(fault: Fault): FaultChoice[] {
  const variants = fault.variants.filter(({ mixes }) => mixes);
  return variants.length === 0 ? [] : [{ fault, variants }];
}

function allOf(number: number): FaultChoice {
  const fault = getFault(number);
  if (fault === undefined) throw noSuchFault(String(number));
  return { fault, variants: fault.variants };
}

function pickVariant(number: number, name: string): FaultChoice {
  const { fault, variants } = allOf(number);
  const variant = variants.find((one) => one.name === name);
  if (variant === undefined) {
    const names = variants.map((one) => one.name).join(', ');
    throw new FaultListError(`Fault ${number} has no variant "${name}". It has: ${names}.`);
  }
  return { fault, variants: [variant] };
}

function noSuchFault(item: string): FaultListError {
  return new FaultListError(`There is no fault ${item}. They are numbered 1 to ${FAULTS.length}.`);
}
