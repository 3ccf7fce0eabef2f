/** Tells keys and passwords by their name or by their look. They come from the environment and stand in no file. */

const SECRET_NAMES = [
  /^(?:.*[-_])?(?:api|access|secret)[-_]?keys?$/i,
  /^(?:.*[-_])?(?:secret|password|passwd|passphrase)$/i,
  /^(?:(?:access|auth|bearer|api|hf)[-_]?)?token$/i,
  /^(?:key|authorization|bearer)$/i,
];
/** At least one digit is asked for where ordinary hyphenated words could look alike. */
const SECRET_LOOKS = [
  /\b(?:sk|xai|nvapi)-(?=[\w-]*\d)[\w-]{16,}/,
  /\b(?:gsk|hf|ghp|github_pat)_(?=\w*\d)\w{20,}/,
  /\bAIza[\w-]{30,}/,
  /\bAKIA[A-Z0-9]{16}\b/,
  /\bBearer\s+(?=\S*\d)[\w.~+/=-]{16,}/i,
];

/** Whether a key of this name would hold a secret, such as `api_key`; `api_key_env` would not. */
export function isSecretName(name: string): boolean {
  return SECRET_NAMES.some((secret) => secret.test(name));
}

/** Whether a text holds something that looks like a provider's key. */
export function looksLikeSecret(text: string): boolean {
  return SECRET_LOOKS.some((look) => look.test(text));
}
