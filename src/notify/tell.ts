/** Tells a notice by each channel that an experiment's settings name; one that fails keeps no other from it. */
import { platform } from 'node:os';
import { getVariable, type Environment } from '../config/environment';
import type { NotifySettings } from '../config/notify-settings';
import type { Notice } from './notice';
import { postWebhook } from './post-webhook';
import { runCommand } from './run-command';

/** What the channels need besides the notice. */
export interface Telling {
  settings: NotifySettings;
  environment: Environment;
  /** Names of variables that hold keys or URLs: no command gets them. */
  secretVariables: readonly string[];
  deadlineMs: number;
}

/** Gives a message for each channel that failed; throws nothing. */
export async function tell(notice: Notice, telling: Telling): Promise<string[]> {
  const { command, webhookUrlEnv, desktop } = telling.settings;
  const channels = [
    ...(command === null ? [] : [runForNotice(command, notice, telling)]),
    ...(webhookUrlEnv === null ? [] : [postNotice(webhookUrlEnv, notice, telling)]),
    ...(desktop ? [runForNotice(desktopCommand(notice, platform()), notice, telling)] : []),
  ];
  const outcomes = await Promise.allSettled(channels);
  return outcomes.flatMap((each) => (each.status === 'rejected' ? [(each.reason as Error).message] : []));
}

async function runForNotice(
  argv: readonly string[],
  notice: Notice,
  { environment, secretVariables, deadlineMs }: Telling,
): Promise<void> {
  const kept = Object.entries(environment).filter(([name]) => !secretVariables.includes(name));
  const facts = Object.entries(notice).map(([name, value]) => [
    `LONGHAUL_NOTIFY_${name.toUpperCase()}`,
    value === null ? '' : String(value),
  ]);
  const command = {
    argv,
    environment: Object.fromEntries([...kept, ...facts]) as NodeJS.ProcessEnv,
    input: `${JSON.stringify(notice)}\n`,
  };
  await runCommand(command, deadlineMs);
}

async function postNotice(variable: string, notice: Notice, telling: Telling): Promise<void> {
  const { environment, settings, deadlineMs } = telling;
  const webhook = { url: getVariable(environment, variable), allowedHosts: settings.allowedHosts ?? [] };
  await postWebhook(webhook, JSON.stringify(notice), deadlineMs);
}

/** The program that shows a message on a desktop of this kind; the message is an argument, never a script. */
export function desktopCommand({ experiment_id, text }: Notice, system: NodeJS.Platform): string[] {
  const title = `Longhaul: ${experiment_id}`;
  if (system !== 'darwin') return ['notify-send', '--app-name=Longhaul', '--', title, text];
  const script = [
    'on run argv',
    'display notification (item 2 of argv) with title (item 1 of argv)',
    'end run',
  ];
  return ['osascript', ...script.flatMap((line) => ['-e', line]), title, text];
}
