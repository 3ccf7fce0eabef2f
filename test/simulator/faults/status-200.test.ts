import { FAULTS } from '../../../src/simulator/faults/catalogue';
import { askOnce, goodAnswer, TEXT, type WireReply } from '../wire';
import { specsOf } from './specs';

interface Completion {
  model?: string;
  system_fingerprint?: string;
  choices: { finish_reason: string; message: Record<string, unknown>; [field: string]: unknown }[];
  usage?: { prompt_tokens: number; completion_tokens: number; total_tokens: number } | null;
  error?: Record<string, unknown>;
}

interface Read extends WireReply {
  json: () => Completion;
  choice: () => Completion['choices'][number];
  content: () => string;
}

/** What must be on the wire, by row and variant; all of it under status 200. */
const CHECKS: Record<string, (reply: Read) => void> = {
  '1': ({ content, choice, headers, end }) => {
    expect(JSON.parse(content())).toEqual(goodAnswer());
    expect(choice().finish_reason).toBe('stop');
    expect(headers['content-type']).toBe('application/json');
    expect(end).toBe('open');
  },
  '2:fence': ({ content }) => expect(content()).toBe(`\`\`\`json\n${good()}\n\`\`\``),
  '2:prose': ({ content }) => {
    expect(content()).toMatch(/^Here is /);
    expect(content()).toContain(good());
    expect(content()).toMatch(/helps\.$/);
  },
  '2:harmony': ({ content }) => {
    expect(content()).toMatch(
      /^<\|channel\|>analysis<\|message\|>.*<\|end\|><\|start\|>assistant<\|channel\|>/,
    );
    expect(content()).toContain(`final<|constrain|>json<|message|>${good()}<|return|>`);
    expectOppositeBefore(content());
  },
  '2:stripped-harmony': ({ content }) => {
    expect(content()).toMatch(/^analysis/);
    expect(content().endsWith(`assistantfinal${good()}`)).toBe(true);
    expectOppositeBefore(content());
  },
  '2:think': ({ content }) => {
    expect(content()).toMatch(/^<think>\n.*\n<\/think>\n\n\{/);
    expectOppositeBefore(content());
  },
  '3': ({ choice }) => {
    expect(choice()).toMatchObject({ finish_reason: 'length', message: { content: null } });
    expect(choice().message.reasoning).toMatch(/\w{3}/);
  },
  '4': ({ choice }) => {
    expect(choice()).toEqual({
      index: 0,
      finish_reason: 'stop',
      message: { role: 'assistant', content: null },
    });
  },
  '5:reasoning': ({ choice }) => expectInReasoning(choice(), 'reasoning'),
  '5:reasoning_content': ({ choice }) => expectInReasoning(choice(), 'reasoning_content'),
  '6': ({ content, json }) => {
    expect(content()).toBe('');
    expect(json().usage?.prompt_tokens).toBeGreaterThan(0);
  },
  '7': ({ content, choice }) => {
    expect(choice().finish_reason).toBe('length');
    expect(good().startsWith(content())).toBe(true);
    expect(content().length).toBeGreaterThan(0);
    expect(content().length).toBeLessThan(good().length);
  },
  '8:window-full': ({ json, content }) => {
    expect(JSON.parse(content())).toEqual(goodAnswer());
    expect(json().usage?.total_tokens).toBe(4096);
  },
  '8:far-too-few': ({ json }) => expect(json().usage?.prompt_tokens).toBeLessThan((0.5 * TEXT.length) / 4),
  '9:429': ({ json }) => expect(json().error).toMatchObject({ code: 429 }),
  '9:502': ({ json }) => expect(json().error).toMatchObject({ code: 502 }),
  '9:402': ({ json }) => expect(json().error).toMatchObject({ code: 402 }),
  '9:context': ({ json }) =>
    expect(json().error).toMatchObject({ code: 400, type: 'exceed_context_size_error', n_ctx: 8192 }),
  '9:no-code': ({ json }) => expect(Object.keys(json().error ?? {})).toEqual(['message']),
  '10:empty': ({ json }) => expect(json().choices).toEqual([]),
  '10:missing': ({ json }) => expect(json()).not.toHaveProperty('choices'),
  '11:object': ({ choice }) => expect(choice().error).toMatchObject({ code: 502 }),
  '11:finish': ({ choice }) => expect(choice().finish_reason).toBe('error'),
  '12': ({ choice }) => {
    expect(choice().finish_reason).toBe('content_filter');
    expect(choice().message).not.toHaveProperty('content');
  },
  '13:prose': ({ content, choice }) => {
    expect(content()).toMatch(/^I'm sorry/);
    expect(choice().finish_reason).toBe('stop');
  },
  '13:field': ({ choice }) => {
    expect(choice().message.content).toBeNull();
    expect(choice().message.refusal).toMatch(/^I'm sorry/);
  },
  '14:event-stream': (reply) => expectEvents(reply, 'text/event-stream'),
  '14:called-json': (reply) => expectEvents(reply, 'application/json'),
  '15': ({ body }) => {
    const trailer = '\n\ndata: [DONE]\n\n';
    expect(body.endsWith(`}${trailer}`)).toBe(true);
    expect(JSON.parse(body.slice(0, -trailer.length))).toHaveProperty('choices');
  },
  '16': ({ body, pieces, headers }) => {
    expect(body).toMatch(/^( \n){3}\{.*\}$/);
    expect(pieces).toBeGreaterThan(1);
    expect(headers['transfer-encoding']).toBe('chunked');
  },
  '17': ({ body }) => expect(body).toMatch(/^(: OPENROUTER PROCESSING\n\n){3}\{.*\}$/),
  '18:captive-portal': ({ body, headers }) => expectPage(body, headers),
  '18:app-fallback': ({ body, headers }) => expectPage(body, headers),
  '19': ({ body, headers, end }) => {
    expect(body).toBe('');
    expect(headers).not.toHaveProperty('content-length');
    expect(headers).not.toHaveProperty('transfer-encoding');
    expect(end).toBe('fin');
  },
  '20': ({ statusLine, headers, body, end }) => {
    expect(statusLine).toBe('HTTP/1.0 200 OK');
    expect(headers).not.toHaveProperty('content-length');
    expect(body).toMatch(/^\{"id"/);
    expect(() => JSON.parse(body) as unknown).toThrow(SyntaxError);
    expect(end).toBe('fin');
  },
  '21': ({ headers, body }) => {
    expect(Number(headers['content-length'])).toBeLessThan(body.length);
    expect(JSON.parse(body)).toHaveProperty('choices');
  },
  '22:fingerprint': ({ json }) => {
    expect(json().system_fingerprint).toBe('fp_swapped');
    expect(json().model).toBe('m');
  },
  '22:model': ({ json }) => expect(json().model).toBe('another-model'),
  '23:missing': ({ json, content }) => {
    expect(json()).not.toHaveProperty('usage');
    expect(JSON.parse(content())).toEqual(goodAnswer());
  },
  '23:null': ({ json }) => expect(json().usage).toBeNull(),
  '24': ({ content, choice, json }) => {
    expect(choice().finish_reason).toBe('length');
    expect(content()).toMatch(/^\{"detected":(true|false),[ \n]{500,}$/);
    expect(json().usage?.completion_tokens).toBe(400);
  },
  '25:ten-megabytes': ({ body, content }) => {
    expect(body.length).toBeGreaterThan(10 * 1024 * 1024);
    expect(JSON.parse(content())).toHaveProperty('detected');
  },
  '25:endless': ({ all, headers }) => {
    expect(headers['transfer-encoding']).toBe('chunked');
    expect(all.length).toBeGreaterThanOrEqual(6_000_000);
    expect(all.endsWith('0\r\n\r\n')).toBe(false);
  },
};

describe('a reply of status 200', () => {
  it.each(Object.entries(CHECKS))('is on the wire what row %s says', async (list, check) => {
    const times = { keepAliveMs: 30 };
    const reply = await askOnce(
      { faults: { list }, times },
      { parameters: { max_tokens: 400 }, maxBytes: list === '25:endless' ? 6_000_000 : Infinity },
    );
    expect(reply.status).toBe(200);
    const json = () => JSON.parse(reply.body) as Completion;
    const choice = () => json().choices[0] as Completion['choices'][number];
    check({ ...reply, json, choice, content: () => choice().message.content as string });
  });

  it('is checked for every row and variant', () => {
    const specs = FAULTS.filter(({ group }) => group === 'status 200').flatMap(specsOf);
    expect(Object.keys(CHECKS).sort()).toEqual(specs.sort());
  });
});

function good(): string {
  return JSON.stringify(goodAnswer());
}

/** A reader that takes the first object would be wrong. */
function expectOppositeBefore(content: string): void {
  const decisions = [...content.matchAll(/"detected":(true|false)/g)].map(([, decision]) => decision);
  expect(new Set(decisions).size).toBe(2);
  expect(content.lastIndexOf(`"detected":${decisions.at(-1)}`)).toBe(content.indexOf(good()) + 1);
}

function expectInReasoning({ message }: Completion['choices'][number], field: string): void {
  expect(message.content).toBeNull();
  expect(JSON.parse(message[field] as string)).toEqual(goodAnswer());
}

function expectEvents({ body, headers }: WireReply, type: string): void {
  expect(headers['content-type']).toBe(type);
  const events = body.split('\n\n').filter((event) => event !== '');
  expect(events.every((event) => event.startsWith('data: '))).toBe(true);
  expect(events.at(-1)).toBe('data: [DONE]');
  const deltas = events
    .slice(0, -1)
    .map(
      (event) => JSON.parse(event.slice(6)) as { object: string; choices: { delta: { content?: string } }[] },
    );
  expect(deltas.every(({ object }) => object === 'chat.completion.chunk')).toBe(true);
  const content = deltas.map(({ choices }) => choices[0]?.delta.content ?? '').join('');
  expect(JSON.parse(content)).toEqual(goodAnswer());
}

function expectPage(body: string, headers: Record<string, string>): void {
  expect(headers['content-type']).toMatch(/^text\/html/);
  expect(body).toMatch(/^<!doctype html>/i);
}
