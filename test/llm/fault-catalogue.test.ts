/** The 70 numbered faults, each from a real server on this machine. */
import { parseAnswer } from '../../src/answer/parse-answer';
import { CallFault } from '../../src/llm/call-fault';
import { callWithRetries } from '../../src/llm/call-with-retries';
import {
  createChatClient,
  type ChatClient,
  type ChatReply,
  type ChatRequest,
} from '../../src/llm/chat-client';
import { FaultHistory } from '../../src/llm/fault-history';
import { judgeReply, promptCharsOf } from '../../src/llm/judge-reply';
import { CATALOGUE, completion, type CatalogueRow, type Serve } from './fault-catalogue';
import { startHttpServer, startRawServer, type LocalServer } from './local-server';
import { parameters } from './parameters';

const TEXT = 'A text that no server should cut, repeated for its length. '.repeat(60);
const REQUEST: ChatRequest = { model: 'm', system: 'Answer in JSON.', user: TEXT, parameters: parameters() };
const CALL_FACTS = { promptChars: promptCharsOf([TEXT]), contextWindow: null, cutsSilently: false };

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close();
});

async function clientOf({ serve, timeoutMs = 5000 }: CatalogueRow): Promise<ChatClient> {
  const server = await serverOf(serve);
  opened.push(server);
  const origin = serve.by === 'address' ? serve.origin(server.origin) : server.origin;
  const client = createChatClient({
    apiUrl: `${origin}/v1/chat/completions`,
    apiKey: null,
    connections: 1,
    timeoutMs,
    allowedOrigins: [origin],
  });
  opened.push(client);
  return client;
}

async function serverOf(serve: Serve): Promise<LocalServer> {
  let calls = 0;
  if (serve.by === 'http')
    return await startHttpServer((_call, response) => serve.answer(response, (calls += 1)));
  if (serve.by === 'socket') return await startRawServer(serve.answer);
  return await startHttpServer((_call, response) => response.end(completion()));
}

/** Sends and reads as the labelling of a narrative does. */
async function ask(client: ChatClient, history: FaultHistory): Promise<ChatReply> {
  const reply = await client.send(REQUEST);
  const pauseReason = history.seeReply('this', reply);
  if (pauseReason !== null) throw new Error(pauseReason);
  const read = parseAnswer(reply);
  const fault = judgeReply(reply, read, CALL_FACTS);
  if (fault !== null) throw fault;
  if (read.kind === 'answer') return reply;
  throw new CallFault(read.message, { kind: 'narrative', category: read.category });
}

interface Judged {
  first: CallFault | null;
  ending: string;
  calls: number;
}

async function judge(row: CatalogueRow): Promise<Judged> {
  const client = await clientOf(row);
  const history = new FaultHistory({ repliedModel: null });
  if (row.row === 60) await client.send(REQUEST);
  let first: CallFault | null = null;
  let calls = 0;
  const attempt = async (): Promise<ChatReply> => {
    calls += 1;
    try {
      return await ask(client, history);
    } catch (error) {
      if (error instanceof CallFault) first ??= error;
      if (row.othersAreAnswered) history.seeReply('another', { model: 'm' });
      throw error;
    }
  };
  const ended = await callWithRetries(attempt, {
    maxAttempts: 6,
    baseMs: 1000,
    capMs: 60_000,
    temperature: 0.1,
    random: () => 1,
    sleep: () => Promise.resolve(),
    signal: new AbortController().signal,
    judge: (...all) => history.judge('this', ...all),
  }).then(
    () => 'answer',
    (error: unknown) => (error instanceof CallFault ? error.ending! : Promise.reject(error as Error)),
  );
  return { first, ending: ended, calls };
}

const printed: string[] = [];
afterAll(() => void process.stderr.write(`${printed.join('\n')}\n`));

describe('the catalogue of faults', () => {
  it('has every row from 1 to 70', () => {
    const rows = new Set(CATALOGUE.map(({ row }) => row));
    expect([...rows].sort((a, b) => a - b)).toEqual(Array.from({ length: 70 }, (_, index) => index + 1));
  });

  const others = CATALOGUE.filter(({ row }) => row !== 22 && row !== 70);
  it.each(others.map((row) => [row.row, row.what.slice(0, 60), row] as const))(
    'row %i (%s) is judged and ends as it says',
    async (_number, _what, row) => {
      const { first, ending, calls } = await judge(row);
      const { kind, category, rule } = row;
      printed.push(
        [
          row.row,
          first?.kind ?? 'valid',
          first?.category ?? '-',
          `${calls} calls`,
          ending,
          row.what.slice(0, 40),
        ].join(' | '),
      );
      expect({ ending, calls }).toEqual({ ending: row.ending, calls: row.calls ?? 1 });
      if (kind === 'valid') return expect(first).toBeNull();
      expect(first).toMatchObject({ kind, category });
      if (rule !== undefined) expect(first!.rule).toEqual(rule);
      const { message, serverMessage } = first!;
      if (serverMessage !== null) expect(message).not.toContain(serverMessage);
      expect((serverMessage ?? '').length).toBeLessThanOrEqual(500);
    },
  );

  it('row 22: a model that changes on the way is a reason to pause', async () => {
    const row = CATALOGUE.find(({ row: number }) => number === 22)!;
    const client = await clientOf(row);
    const history = new FaultHistory({ repliedModel: null });
    const reply = await ask(client, history);
    expect(reply.model).toBe('m1');
    await expect(ask(client, history)).rejects.toThrow('answers as "m2" now and answered as "m1" before');
  });

  it('row 69: a reply that comes too late is not taken for that of the next call', async () => {
    let calls = 0;
    const answer: Serve = {
      by: 'http',
      answer: (response) => {
        calls += 1;
        const text = completion({ content: `reply ${calls}` });
        setTimeout(() => response.end(text), calls === 1 ? 300 : 0);
      },
    };
    const row = CATALOGUE.find(({ row: number }) => number === 69)!;
    const client = await clientOf({ ...row, serve: answer, timeoutMs: 150 });
    await expect(client.send(REQUEST)).rejects.toMatchObject({ category: 'timeout' });
    expect((await client.send(REQUEST, { timeoutMs: 5000 })).content).toBe('reply 2');
  });

  it('row 70: one call may be given the time in which a model is loaded', async () => {
    const row = CATALOGUE.find(({ row: number }) => number === 70)!;
    const client = await clientOf({ ...row, timeoutMs: 100 });
    await expect(client.send(REQUEST)).rejects.toMatchObject({ category: 'timeout' });
    expect((await client.send(REQUEST, { timeoutMs: 5000 })).model).toBe('m');
  });
});
