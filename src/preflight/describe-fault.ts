/** Says in fixed words what a fault of a call means for its user, and what to do. Quotes nothing that a server said. */
import type { CallFault } from '../llm/call-fault';
import { RULES } from '../llm/fault-rule';
import type { CheckName } from './check';

/** A fault in words, and the check that it belongs to. */
export interface FaultDescription {
  check: CheckName;
  detail: string;
  remedy: string;
}

/** Describes the fault of a call to a server, named by its origin. */
export function describeFault(fault: CallFault, origin: string): FaultDescription {
  const server = `the model server ${origin}`;
  if (fault.pauseReason !== null && fault.kind !== 'experiment') {
    return { check: 'answer', detail: `${server}: ${fault.pauseReason}`, remedy: 'look into its log' };
  }
  if (fault.parameter !== null) {
    const detail = `${server} refuses the parameter ${fault.parameter}`;
    return { check: 'parameters', detail, remedy: remedyForParameter(fault.parameter) };
  }
  if (fault.httpStatus === null) return describeTransport(fault, server);
  const known = describeStatus(fault, server);
  if (known !== null) return known;
  const { message, httpStatus } = fault;
  const what = httpStatus === 200 ? message : `HTTP ${httpStatus}`;
  const remedy = isOfAnotherServer(fault) ? 'check model.api_url' : 'look into its log';
  return { check: 'answer', detail: `${server} cannot be used (${what})`, remedy };
}

/** A page, a redirect, or a path that is not there: probably the URL leads astray. */
function isOfAnotherServer({ httpStatus, rule, kind }: CallFault): boolean {
  const isRedirect = httpStatus !== null && httpStatus >= 300 && httpStatus < 400;
  return isRedirect || rule === RULES.page || (httpStatus === 200 && kind === 'experiment');
}

function describeTransport(
  { message, code, cannotConnect, category }: CallFault,
  server: string,
): FaultDescription {
  if (code === 'INVALID_KEY') {
    const remedy = 'check the environment variable that model.api_key_env names';
    return { check: 'key', detail: `the key for ${server} cannot be sent (${message})`, remedy };
  }
  if (category === 'timeout') {
    const remedy = 'raise model.timeout_sec, or lower model.max_tokens';
    return { check: 'time', detail: `${server} gave ${message}`, remedy };
  }
  if (cannotConnect) {
    const remedy = 'start it, or mend model.api_url';
    return { check: 'reachable', detail: `${server} cannot be reached (${message})`, remedy };
  }
  const remedy =
    code === 'UND_ERR_SOCKET'
      ? 'look into its log: some servers die without a word of a parameter that they do not know'
      : 'check model.api_url, and look into the log of the server';
  return { check: 'reachable', detail: `${server} cannot be used (${message})`, remedy };
}

/** null = the status says nothing that calls for words of its own. */
function describeStatus(fault: CallFault, server: string): FaultDescription | null {
  const { category } = fault;
  const status = fault.httpStatus ?? 0;
  const byStatus = `HTTP ${status}`;
  if (category === 'context_overflow') {
    const remedy = 'lower model.max_tokens, or give the server a larger context window';
    return {
      check: 'parameters',
      detail: `${server} has no room for prompt and reply (${byStatus})`,
      remedy,
    };
  }
  if (category === 'content_filter') {
    const remedy = 'ask for a content filter that fits the prompt';
    return {
      check: 'answer',
      detail: `the content filter of ${server} minds the prompt (${byStatus})`,
      remedy,
    };
  }
  switch (status) {
    case 401:
    case 403:
      return {
        check: 'key',
        detail: `${server} refuses the key (${byStatus})`,
        remedy: 'check model.api_key_env',
      };
    case 402:
      return {
        check: 'key',
        detail: `${server} asks for payment (${byStatus})`,
        remedy: "check the account's credit",
      };
    case 404:
      return {
        check: 'model',
        detail: `${server} does not know the model or the path (${byStatus})`,
        remedy: 'check model.name and model.api_url',
      };
    case 429:
      return fault.kind === 'experiment'
        ? {
            check: 'key',
            detail: `the quota at ${server} is used up (${byStatus})`,
            remedy: "check the account's credit",
          }
        : {
            check: 'answer',
            detail: `${server} is busy (${byStatus})`,
            remedy: 'wait, or lower run.concurrency',
          };
    default:
      if (status === 400 && fault.kind === 'experiment') {
        const remedy = 'set model.response_format: none, or let the prompt ask for JSON by that word';
        return { check: 'parameters', detail: `${server} refuses its JSON mode (${byStatus})`, remedy };
      }
      return null;
  }
}

function remedyForParameter(parameter: string): string {
  switch (parameter) {
    case 'response_format':
      return 'set model.response_format to another mode, or to none';
    case 'temperature':
      return 'ask a model that lets its temperature be set';
    case 'seed':
      return 'leave out model.send_seed';
    case 'max_tokens':
    case 'max_completion_tokens':
      return 'lower model.max_tokens';
    default:
      return 'name the server in model.provider';
  }
}
