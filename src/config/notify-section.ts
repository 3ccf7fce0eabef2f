/** The `notify` section of a config: who is told that an experiment has ended or stands still. It may be left out. */
import { z } from 'zod';
import { NOTIFY_OCCASIONS, type NotifySettings } from './notify-settings';

const DEFAULT_WAITING_MINUTES = 10;
const COMMAND = 'must be a list of a program and its arguments, such as ["/usr/local/bin/tell", "--urgent"]';
const OCCASIONS = `must be a list of ${NOTIFY_OCCASIONS.join(', ')}`;
const HOSTS = 'must be a list of text';
const MINUTES = 'must be a number of minutes from 0.1 to 10080';

export const NotifySectionSchema = z.strictObject({
  command: z
    .array(z.string({ error: COMMAND }).min(1, { error: COMMAND }), { error: COMMAND })
    .min(1, { error: COMMAND })
    .optional()
    .describe(
      'Program to run, without a shell; it finds the facts in LONGHAUL_NOTIFY_* variables and as JSON on its standard input. ' +
        'List of program and arguments; default none.',
    ),
  webhook_url_env: z
    .string({ error: 'must be text' })
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, {
      error: 'must be the name of an environment variable, without "$"; the URL itself stands in no file',
    })
    .optional()
    .describe(
      'Environment variable that holds a URL to which the facts are posted as JSON; its host must be this machine or in ' +
        'notify.allowed_hosts. Name; default none.',
    ),
  allowed_hosts: z
    .array(z.string({ error: HOSTS }), { error: HOSTS })
    .optional()
    .describe(
      'Hosts beyond this machine that the webhook may be at; texts may not go there. Origins, or host[:port] for any scheme; ' +
        'default none.',
    ),
  desktop: z
    .boolean({ error: 'must be true or false' })
    .optional()
    .describe(
      'Show a message on the desktop of the machine that does the work. true or false; default false.',
    ),
  on: z
    .array(z.enum(NOTIFY_OCCASIONS, { error: OCCASIONS }), { error: OCCASIONS })
    .min(1, { error: OCCASIONS })
    .optional()
    .describe(`What to tell. List of ${NOTIFY_OCCASIONS.join(', ')}; default all.`),
  waiting_minutes: z
    .number({ error: MINUTES })
    .min(0.1, { error: MINUTES })
    .max(10_080, { error: MINUTES })
    .optional()
    .describe(
      `How long the model server may be waited for before it is told. Minutes; 0.1 to 10080; default ${DEFAULT_WAITING_MINUTES}.`,
    ),
});

/** The settings of a section; null = nobody is told. */
export function notifySettings(
  section: z.infer<typeof NotifySectionSchema> | undefined,
): NotifySettings | null {
  if (section === undefined) return null;
  const { command = null, webhook_url_env: webhookUrlEnv = null, desktop = false } = section;
  if (command === null && webhookUrlEnv === null && !desktop) return null;
  return {
    command,
    webhookUrlEnv,
    ...(section.allowed_hosts === undefined ? {} : { allowedHosts: section.allowed_hosts }),
    desktop,
    occasions: section.on ?? NOTIFY_OCCASIONS,
    waitingMinutes: section.waiting_minutes ?? DEFAULT_WAITING_MINUTES,
  };
}
