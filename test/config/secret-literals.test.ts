import { isSecretName, looksLikeSecret } from '../../src/config/secret-literals';

it.each([
  'api_key',
  'apikey',
  'api-key',
  'API_KEY',
  'openai_api_key',
  'key',
  'token',
  'auth_token',
  'access_token',
  'password',
  'db_password',
  'secret',
  'client_secret',
  'secret_key',
  'authorization',
])('%s is the name of a secret', (name) => expect(isSecretName(name)).toBe(true));

it.each([
  'api_key_env',
  'max_token',
  'max_tokens',
  'tokens',
  'keys_file',
  'monkey',
  'keyboard',
  'name',
  'secretary',
])('%s is not the name of a secret', (name) => expect(isSecretName(name)).toBe(false));

it.each([
  'sk-abcdef0123456789abcdef',
  'sk-proj-abcdef0123456789',
  'my key: gsk_abcdef0123456789abcdef',
  'hf_abcdefghij0123456789',
  `AIza${'x'.repeat(35)}`,
  'AKIAABCDEFGHIJKLMNOP',
  'Bearer abcdef0123456789abcdef',
])('%s looks like a secret', (text) => expect(looksLikeSecret(text)).toBe(true));

it.each([
  'mlx-community/gpt-oss-120b',
  'hf-internal-testing-llama3-8b-instruct',
  'a risk-assessment-of-2024-and-others',
  'the bearer of this letter, who is 40',
  'sk-learn-and-other-libraries',
  'http://localhost:1234/v1/chat/completions',
])('%s does not look like a secret', (text) => expect(looksLikeSecret(text)).toBe(false));
