import type { ErrorBody } from './read-error-body';

/** Parameters of a call that a server may refuse; others, such as `messages`, are about the narrative. */
const OURS = [
  'temperature',
  'max_tokens',
  'max_completion_tokens',
  'seed',
  'response_format',
  'stream',
] as const;

const NAMING = [
  /unsupported (?:parameter|value): ['"`]?([\w.]+)/i,
  /unrecognized request arguments? supplied: ['"`]?([\w.]+)/i,
  /(?:unknown|unexpected|unrecognized|invalid) (?:parameter|argument|field|keyword argument|key)s?:? ['"`]?([\w.]+)/i,
  /does not support (?:the )?(?:parameter )?['"`]?([\w.]+)/i,
  /unsupportedparamserror.{0,200}?['"`]([\w.]+)['"`]/is,
  /['"`]([\w.]+)['"`] (?:is not supported|is not allowed|was unexpected|does not support|must be )/i,
  /([\w.]+): extra (?:inputs|fields) (?:are )?not permitted/i,
];

/** The parameter that a server refuses with status 400 or 422, by its top-level name; null = none of ours is named. */
export function rejectedParameter(status: number, { param, message }: ErrorBody): string | null {
  if (status !== 400 && status !== 422) return null;
  const named = [param, ...NAMING.map((naming) => naming.exec(message ?? '')?.[1] ?? null)];
  const ours = named.map((name) => OURS.find((one) => name === one || name?.startsWith(`${one}.`)));
  return ours.find((one) => one !== undefined) ?? null;
}
