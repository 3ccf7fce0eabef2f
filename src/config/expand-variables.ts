/**
 * Puts environment variables into a text, in one sweep, so that what a variable holds is never expanded again. A name
 * starts with a letter or `_`: `$500` is money.
 */
import { getVariable, type Environment } from './environment';

/** In prompts only `${NAME}` counts, because a bare `$` is ordinary text there. */
export type VariableForms = 'braced' | 'braced and bare';

/** A text after expansion. */
export interface ExpandedText {
  text: string;
  /** Whether any variable was put in. */
  isExpanded: boolean;
  /** Names of the variables that are not set, each once; they stay in the text as written. */
  unset: string[];
}

const BRACED = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;
const BRACED_OR_BARE = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}|\$([A-Za-z_][A-Za-z0-9_]*)/g;

/** Replaces `${NAME}` and, where asked for, `$NAME`. A variable that is set but empty gives an empty text. */
export function expandVariables(text: string, environment: Environment, forms: VariableForms): ExpandedText {
  const unset = new Set<string>();
  let isExpanded = false;
  const replace = (written: string, braced: string | undefined, bare: string | undefined): string => {
    const name = (braced ?? bare)!;
    const value = getVariable(environment, name);
    if (value === undefined) {
      unset.add(name);
      return written;
    }
    isExpanded = true;
    return value;
  };
  const expanded =
    forms === 'braced'
      ? text.replace(BRACED, (written, braced: string) => replace(written, braced, undefined))
      : text.replace(BRACED_OR_BARE, replace);
  return { text: expanded, isExpanded, unset: [...unset] };
}
