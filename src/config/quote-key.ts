/** Names a key of a config in a message without telling what must not be told: a stray line of a prompt, or a secret. */
import { looksLikeSecret } from './secret-literals';

/** The key as written when it is a plain name; otherwise a stand-in. */
export function quoteKey(key: string): string {
  return /^[\w.-]{1,40}$/.test(key) && !looksLikeSecret(key) ? key : '(not a plain name)';
}
