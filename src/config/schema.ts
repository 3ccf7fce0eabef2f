/**
 * The keys of an experiment config. Messages are written for the person who wrote the file; each key's description
 * gives its meaning, unit, bound and default, for the reference and for editors. What concerns several keys, files or
 * the environment is checked in its own file.
 */
import { z } from 'zod';
import { AnswerSectionSchema } from './answer-section';
import { CONFIG_DEFAULTS, MOST_CONCURRENCY } from './defaults';
import { NotifySectionSchema } from './notify-section';
import { mustBe, numeric, requiredText, text, whole, withoutEffect } from './schema-fields';

/** The JSON modes that a config may ask for. */
export const RESPONSE_FORMATS = ['auto', 'json_schema', 'json_object', 'none'] as const;

/** What must stand in the user template, where each text is put in. */
export const TEXT_PLACEHOLDER = '<<TEXT>>';

const experiment = z.strictObject({
  name: requiredText('a name for the experiment', 'Name; its id is made of it. Text; required.'),
  author: text().optional().describe('Who set it up. Text; default none.'),
  notes: text().optional().describe('What it is for; kept with the results. Text; default none.'),
});

const model = z.strictObject({
  name: requiredText('the name by which the model server knows the model', 'Model to ask. Text; required.'),
  provider: text()
    .optional()
    .describe(
      'Which server it is: openai, azure, vllm, llama.cpp, ollama, lmstudio, mlx_lm, sglang, tgi or openrouter; ' +
        'any other text is only kept. Text; default: what the server says of itself.',
    ),
  api_url: text()
    .optional()
    .describe(
      'Where chat completions are asked for. http or https URL, a path that ends in /v1 is completed; ' +
        'plain http only to this machine and private addresses; default LLM_API_URL of the environment.',
    ),
  endpoints: z
    .array(text(), { error: 'must be a list of URLs, such as ["http://localhost:1234/v1"]' })
    .min(1, { error: 'must name at least one model server' })
    .optional()
    .describe(
      'Several servers of the same model, instead of model.api_url: each is asked as much as it takes, and one that fails is ' +
        'left out until it is back. URLs as of model.api_url; default none.',
    ),
  temperature: numeric({ least: 0, most: 2, as: 'a number from 0.0 to 2.0', isRequired: true }).describe(
    'How freely the model chooses its words. Number; 0.0 to 2.0; required.',
  ),
  api_key_env: text()
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, {
      error:
        'must be the name of an environment variable, such as OPENAI_API_KEY, without "$"; the key itself stands in no file',
    })
    .optional()
    .describe("Environment variable that holds the server's key. Name; default none, no key is sent."),
  allowed_hosts: z
    .array(text(), { error: 'must be a list, such as ["https://llm.example.org"]' })
    .optional()
    .describe(
      'Hosts beyond this machine that texts may go to. Origins, or host[:port] for any scheme; ' +
        'default none; LONGHAUL_ALLOWED_HOSTS adds to it.',
    ),
  max_tokens: whole(1, 1_000_000)
    .optional()
    .describe(`Longest reply. Tokens; 1 to 1000000; default ${CONFIG_DEFAULTS.maxTokens}.`),
  timeout_sec: numeric({ least: 0.1, most: 86_400, as: 'a number of seconds from 0.1 to 86400' })
    .optional()
    .describe(
      `Time after which a call is given up. Seconds; 0.1 to 86400; default ${CONFIG_DEFAULTS.timeoutSec}, and less, but no ` +
        'less than 60, once the server has shown how fast it is.',
    ),
  response_format: z
    .enum(RESPONSE_FORMATS, { error: `must be one of ${RESPONSE_FORMATS.join(', ')}` })
    .optional()
    .describe(
      'How the server is made to answer in JSON; auto = the best mode that is known to work with it. ' +
        `${RESPONSE_FORMATS.join(', ')}; default ${CONFIG_DEFAULTS.responseFormat}.`,
    ),
  requests_per_minute: numeric({ least: 0.1, most: 1_000_000, as: 'a number from 0.1 to 1000000' })
    .optional()
    .describe(
      'Most calls a minute, all experiments of a worker at this model server together; what the server says of its own ' +
        'limits is kept to besides. Calls; 0.1 to 1000000; default none.',
    ),
  tokens_per_minute: whole(1, 1_000_000_000)
    .optional()
    .describe(
      'Most tokens a minute, of prompts and replies together, likewise. Tokens; 1 to 1000000000; default none.',
    ),
  send_seed: z
    .boolean({ error: 'must be true or false' })
    .optional()
    .describe(
      `Send run.seed with every call; MLX then serves one at a time. true or false; default ${CONFIG_DEFAULTS.sendSeed}.`,
    ),
});

const prompt = z.strictObject({
  version: requiredText('a label for this prompt, such as v1', 'Label of the prompt. Text; required.'),
  system_prompt: text()
    .optional()
    .describe('What the model is told about its task. Text; this or system_prompt_file is required.'),
  system_prompt_file: text()
    .optional()
    .describe(
      'File that holds the system prompt. Path from the working directory or the config; default none.',
    ),
  user_template: text()
    .optional()
    .describe(
      `What is asked about each text. Text that contains ${TEXT_PLACEHOLDER}; this or user_template_file is required.`,
    ),
  user_template_file: text()
    .optional()
    .describe(
      'File that holds the user template. Path from the working directory or the config; default none.',
    ),
});

const data = z.strictObject({
  file: requiredText(
    'the file with the texts',
    'Texts to ask about. Path of an .xlsx or .csv file from the working directory or the config; required.',
  ),
});

const CONCURRENCY = {
  least: 1,
  most: MOST_CONCURRENCY,
  as: `auto or a whole number from 1 to ${MOST_CONCURRENCY}`,
};

const run = z.strictObject({
  seed: whole(0, Number.MAX_SAFE_INTEGER)
    .optional()
    .describe(
      `Chooses the texts of run.sample; sent with model.send_seed; kept with the results. Whole number; from 0; default ${CONFIG_DEFAULTS.seed}.`,
    ),
  max_narratives: whole(1, Number.MAX_SAFE_INTEGER)
    .optional()
    .describe('Ask only about the first so many texts. Texts; from 1; default all.'),
  sample: whole(1, Number.MAX_SAFE_INTEGER)
    .optional()
    .describe('Ask only about so many texts, chosen at random by run.seed. Texts; from 1; default all.'),
  batch_size: whole(1, 10_000)
    .optional()
    .describe(`Texts scheduled together. Texts; 1 to 10000; default ${CONFIG_DEFAULTS.batchSize}.`),
  concurrency: z
    .union([z.literal('auto'), numeric(CONCURRENCY).int({ error: mustBe(CONCURRENCY.as) })], {
      error: mustBe(CONCURRENCY.as),
    })
    .optional()
    .describe(
      'Calls in flight at a time at each server; auto = as many as are of use, found by trying. ' +
        `auto, or calls; 1 to ${MOST_CONCURRENCY}; default ${CONFIG_DEFAULTS.concurrency}.`,
    ),
  max_concurrency: whole(1, MOST_CONCURRENCY)
    .optional()
    .describe(
      `Most calls in flight that auto tries. Calls; 1 to ${MOST_CONCURRENCY}; default ${CONFIG_DEFAULTS.maxConcurrency}.`,
    ),
  ask_once: z
    .boolean({ error: 'must be true or false' })
    .optional()
    .describe(
      'Ask each text once: narratives with the same text, to the letter, take the answer of the first of them. ' +
        `Frozen with the experiment. true or false; default ${CONFIG_DEFAULTS.askOnce}.`,
    ),
  save_csv_json: z
    .boolean({ error: 'must be true or false' })
    .optional()
    .describe(
      `Write the results, without texts, as CSV and JSON beside the results file at the end. true or false; default ${CONFIG_DEFAULTS.saveCsvJson}.`,
    ),
  backup_every_batches: whole(1, 1_000_000)
    .optional()
    .describe(
      'Copy the results file beside itself, without a stop, whenever so many batches more are finished; the newest 3 copies ' +
        'are kept. Batches; 1 to 1000000; default none.',
    ),
  save_incremental: z
    .boolean({ error: 'must be true or false' })
    .optional()
    .describe('No effect: every answer is saved at once. true or false; default true.'),
  resume_enabled: withoutEffect('every experiment can be resumed'),
  progress_tracking: withoutEffect('progress is always kept'),
  database: withoutEffect('use --db, EXPERIMENTS_DB or .db_config'),
  resume: withoutEffect('a start goes on by itself'),
  experiment_id: withoutEffect('use client resume ID'),
  retry_errors_only: withoutEffect('use client resume ID --retry-errors'),
});

/** A whole config, as written but with variables expanded and empty keys left out. */
export const ConfigSchema = z.strictObject({
  experiment: experiment.describe('What the experiment is called. Section; required.'),
  model: model.describe('Which model is asked, and how. Section; required.'),
  prompt: prompt.describe('What the model is asked. Section; required.'),
  data: data.describe('Which texts it is asked about. Section; required.'),
  run: run.describe('How the work is done. Section; required, may be empty.'),
  answer: AnswerSectionSchema.optional().describe('How replies are read. Section; default none.'),
  notify: NotifySectionSchema.optional().describe(
    'Who is told of its end, a pause, a long wait or a failure. Section; default none.',
  ),
});
export type ConfigInput = z.infer<typeof ConfigSchema>;
