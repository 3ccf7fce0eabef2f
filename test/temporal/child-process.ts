import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';

/** A Node process that runs a few lines over the built program. */
export class ChildScript {
  private readonly child: ChildProcess;
  private readonly lines: AsyncIterator<string>;

  /** `script` finds `modules`, the exports of `dist/temporal/<module>`, and `file` as variables. */
  constructor(module: string, file: string, script: string) {
    const modulePath = path.join(__dirname, '../../dist/temporal', module);
    const head = `const modules = require(${JSON.stringify(modulePath)}); const file = ${JSON.stringify(file)};`;
    this.child = spawn(process.execPath, ['-e', head + script], { stdio: ['ignore', 'pipe', 'inherit'] });
    this.lines = createInterface(this.child.stdout!)[Symbol.asyncIterator]();
  }

  /** The next line that it prints; undefined = it has ended. */
  async nextLine(): Promise<string | undefined> {
    return ((await this.lines.next()) as IteratorResult<string, undefined>).value;
  }

  /** Ends it as a power cut would, and waits for its end. */
  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await ended;
  }
}
