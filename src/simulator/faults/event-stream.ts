import type { Completion } from '../completion';
import { contentOf } from './serve';

const PIECE_CHARACTERS = 16;

/** The completion as the events of a stream: the role, the content in pieces, the finish with the usage, [DONE]. */
export function eventStreamOf(completion: Completion): string[] {
  const { id, created, model, usage, choices } = completion;
  const event = (delta: object, finishReason: string | null, more: object = {}) => {
    const choice = { index: 0, delta, finish_reason: finishReason };
    const chunk = { id, object: 'chat.completion.chunk', created, model, choices: [choice], ...more };
    return `data: ${JSON.stringify(chunk)}\n\n`;
  };
  return [
    event({ role: 'assistant', content: '' }, null),
    ...piecesOf(contentOf(completion)).map((content) => event({ content }, null)),
    event({}, choices[0].finish_reason, { usage }),
    'data: [DONE]\n\n',
  ];
}

function piecesOf(text: string): string[] {
  const pieces: string[] = [];
  for (let start = 0; start < text.length; start += PIECE_CHARACTERS) {
    pieces.push(text.slice(start, start + PIECE_CHARACTERS));
  }
  return pieces;
}
