/** The kinds of fields that a config is made of; each tells in its message what must stand there. */
import { z } from 'zod';

/** Any text. */
export function text(): z.ZodString {
  return z.string({ error: 'must be text' });
}

/** Text that must not be blank; `what` tells what is missing. */
export function requiredText(what: string, description: string): z.ZodString {
  const missing = `is required: ${what}`;
  return z
    .string({ error: ({ input }) => (input === undefined ? missing : 'must be text') })
    .trim()
    .min(1, { error: missing })
    .describe(description);
}

/** Bounds of a number; `as` is how a message names it. */
export interface NumberBounds {
  least: number;
  most: number;
  as: string;
  isRequired?: boolean;
}

/** A number within bounds. */
export function numeric({ least, most, as, isRequired = false }: NumberBounds): z.ZodNumber {
  const error = ({ input }: { input?: unknown }): string =>
    isRequired && input === undefined ? `is required: ${as}` : `must be ${as}, not ${showValue(input)}`;
  return z.number({ error }).min(least, { error }).max(most, { error });
}

/** A whole number within bounds. */
export function whole(least: number, most: number): z.ZodNumber {
  const bound = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
  const as = `a whole number ${bound}`;
  return numeric({ least, most, as }).int({ error: mustBe(as) });
}

/** The message for what does not fit. */
export function mustBe(what: string): (issue: { input?: unknown }) => string {
  return ({ input }) => `must be ${what}, not ${showValue(input)}`;
}

/** Anything; the key does nothing. */
export function withoutEffect(instead: string): z.ZodOptional<z.ZodUnknown> {
  return z.unknown().optional().describe(`No effect: ${instead}. Anything; default none.`);
}

function showValue(input: unknown): string {
  if (typeof input === 'string') return input.length > 20 ? 'a text' : JSON.stringify(input);
  if (typeof input === 'number' || typeof input === 'boolean') return String(input);
  return Array.isArray(input) ? 'a list' : 'a section';
}
