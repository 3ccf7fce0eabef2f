import type { ChatRequest } from '../chat-request';
import { promptTokensOf } from '../completion';
import { repliesError } from '../faults/serve';
import { isOverWindow, modelList, type Dialect, type Reaction, type ServerFacts } from './dialect';
import { GENERIC } from './generic';

const REASONING_MODEL = /^(?:o\d|gpt-5)/;

/** OpenAI: its reasoning models (o-series, gpt-5) take neither `max_tokens` nor a temperature. */
export const OPENAI: Dialect = {
  ...GENERIC,
  defaultModel: 'gpt-5-mini',
  pages: { 'GET /v1/models': (facts) => modelList(facts, 'system') },
  unknownPath: (method, path) => ({
    status: 404,
    body: {
      error: {
        message: `Invalid URL (${method} ${path})`,
        type: 'invalid_request_error',
        param: null,
        code: null,
      },
    },
  }),
  reactTo: (chat, facts) =>
    reactToModel(chat, facts) ?? reactToParameters(chat) ?? reactToLength(chat, facts),
  messageFields: { refusal: null, annotations: [] },
};

function reactToModel({ model }: ChatRequest, { modelName }: ServerFacts): Reaction | null {
  if (model === modelName) return null;
  return {
    fault: 36,
    variant: 'openai',
    serve: repliesError(404, {
      message: `The model \`${model}\` does not exist or you do not have access to it.`,
      type: 'invalid_request_error',
      code: 'model_not_found',
    }),
  };
}

function reactToParameters({ model, parameters, mentionsJson }: ChatRequest): Reaction | null {
  if (REASONING_MODEL.test(model ?? '')) {
    if (parameters.max_tokens !== undefined) {
      const message =
        "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.";
      return rejected('max_tokens', 'unsupported_parameter', message);
    }
    if (parameters.temperature !== undefined && parameters.temperature !== 1) {
      const message = `Unsupported value: 'temperature' does not support ${JSON.stringify(parameters.temperature)} with this model. Only the default (1) value is supported.`;
      return rejected('temperature', 'unsupported_value', message);
    }
  }
  if (!asksForJsonObject(parameters) || mentionsJson) return null;
  return {
    fault: 32,
    variant: null,
    serve: repliesError(400, {
      message:
        "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.",
      type: 'invalid_request_error',
      param: 'messages',
    }),
  };
}

function rejected(param: string, code: string, message: string): Reaction {
  const serve = repliesError(400, { message, type: 'invalid_request_error', param, code });
  return { fault: 28, variant: param, serve };
}

function reactToLength(chat: ChatRequest, facts: ServerFacts): Reaction | null {
  if (!isOverWindow(chat, facts)) return null;
  return {
    fault: 26,
    variant: 'openai',
    serve: repliesError(400, {
      message: `This model's maximum context length is ${facts.contextTokens} tokens. However, your messages resulted in ${promptTokensOf(chat)} tokens. Please reduce the length of the messages.`,
      type: 'invalid_request_error',
      param: 'messages',
      code: 'context_length_exceeded',
    }),
  };
}

/** Whether the request asks for JSON without a schema. */
export function asksForJsonObject(parameters: ChatRequest['parameters']): boolean {
  const format = parameters.response_format as { type?: unknown } | null | undefined;
  return format?.type === 'json_object';
}
