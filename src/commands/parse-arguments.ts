/** Reads values of options and arguments; what cannot be read becomes commander's usage error. */
import { InvalidArgumentError, Option } from 'commander';
import { ERROR_CATEGORIES, type ErrorCategory } from '../experiment';

/** A whole number from 1. */
export function parsePositive(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1)
    throw new InvalidArgumentError('It must be a whole number from 1.');
  return number;
}

/** The option that narrows a retry of errors. */
export function categoryOption(): Option {
  return new Option('--category <list>', 'only errors of these categories').argParser(parseCategories);
}

/** A comma-separated list of error categories. */
function parseCategories(text: string): ErrorCategory[] {
  return text.split(',').map((part) => {
    const category = ERROR_CATEGORIES.find((known) => known === part.trim());
    if (category === undefined)
      throw new InvalidArgumentError(`Known categories: ${ERROR_CATEGORIES.join(', ')}.`);
    return category;
  });
}
