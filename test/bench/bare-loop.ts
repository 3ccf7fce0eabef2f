/**
 * What the same answers cost without anything around them: a pool of so many connections, JSON.parse, and one row each in
 * a durable transaction of its own. No Temporal, no retries, no reading of answers.
 */
import Database from 'better-sqlite3';
import { Pool } from 'undici';

/** What is asked, and where the answers go. */
export interface BareLoop {
  apiUrl: string;
  bodies: readonly string[];
  connections: number;
  /** The results file to make. */
  file: string;
}

/** Asks all; gives the milliseconds from the first call to the last commit. */
export async function runBareLoop({ apiUrl, bodies, connections, file }: BareLoop): Promise<number> {
  const url = new URL(apiUrl);
  const pool = new Pool(url.origin, { connections, pipelining: 1 });
  const database = new Database(file);
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.exec('CREATE TABLE answers (id INTEGER PRIMARY KEY, raw TEXT, tokens INTEGER)');
  const insert = database.prepare('INSERT INTO answers (id, raw, tokens) VALUES (?, ?, ?)');
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < bodies.length) {
      const index = next++;
      const reply = await pool.request({
        method: 'POST',
        path: url.pathname,
        headers: { 'content-type': 'application/json' },
        body: bodies[index]!,
      });
      const { choices, usage } = JSON.parse(await reply.body.text()) as {
        choices: { message: { content: string } }[];
        usage: { total_tokens: number };
      };
      JSON.parse(choices[0]!.message.content);
      insert.run(index, choices[0]!.message.content, usage.total_tokens);
    }
  };
  const startedMs = performance.now();
  await Promise.all(Array.from({ length: connections }, work));
  const tookMs = performance.now() - startedMs;
  await pool.close();
  database.close();
  return tookMs;
}
