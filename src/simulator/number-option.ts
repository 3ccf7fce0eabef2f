/** Readers for the values of options; each throws InvalidArgumentError with what was wanted. */
import { InvalidArgumentError } from 'commander';

/** A port; 0 = any free one. */
export function portNumber(value: string): number {
  const port = wholeNumber(value);
  if (port > 65_535) throw new InvalidArgumentError('A port is at most 65535.');
  return port;
}

/** A whole number from 1 on. */
export function positiveNumber(value: string): number {
  const number = wholeNumber(value);
  if (number === 0) throw new InvalidArgumentError('Give a number from 1 on.');
  return number;
}

/** A whole number from 0 on. */
export function wholeNumber(value: string): number {
  const number = notNegative(value);
  if (!Number.isSafeInteger(number)) throw new InvalidArgumentError('Give a whole number.');
  return number;
}

/** A number from 0 to 1. */
export function share(value: string): number {
  const number = notNegative(value);
  if (number > 1) throw new InvalidArgumentError('Give a share from 0 to 1.');
  return number;
}

/** Any number from 0 on. */
export function notNegative(value: string): number {
  const number = value.trim() === '' ? NaN : Number(value);
  if (!Number.isFinite(number) || number < 0) throw new InvalidArgumentError('Give a number from 0 on.');
  return number;
}
