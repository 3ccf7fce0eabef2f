/**
 * How another process drives a running simulated server: `/control/...` on its own port, which is on loopback only.
 * While the port is shut nobody is heard, so an outage asked for here must say how long it lasts.
 */
import type { ServerResponse } from 'node:http';
import { z } from 'zod';
import { LonghaulError } from '../errors';
import { FaultPlan } from './faults/fault-plan';
import { parseFaultList } from './faults/parse-fault-list';
import { sendError, sendJson } from './send';
import type { Simulation } from './simulation';

const CONTROL = '/control/';
const MAX_TIMER_MS = 2 ** 31 - 1;

const GoAwaySchema = z.strictObject({
  ms: z.number().nonnegative().max(MAX_TIMER_MS),
  fault: z.number().int().positive().optional(),
});

const FaultsSchema = z.strictObject({
  list: z.string(),
  rate: z.number().min(0).max(1).optional(),
  callsPerText: z.number().int().positive().optional(),
});

/** A control request, read whole. */
export interface ControlRequest {
  method: string;
  path: string;
  body: string;
  /** true = a web page sent it. */
  isFromPage: boolean;
}

/** Whether a path is one of ours. */
export function isControlPath(path: string): boolean {
  return path.startsWith(CONTROL);
}

/** Does what is asked and replies with the state of the server; 400 when it cannot be read, 404 when unknown. */
export async function control(
  simulation: Simulation,
  { method, path, body, isFromPage }: ControlRequest,
  response: ServerResponse,
): Promise<void> {
  if (isFromPage) return sendError(response, 403, 'forbidden', 'A web page does not drive this server.');
  try {
    switch (`${method} ${path.slice(CONTROL.length)}`) {
      case 'GET state':
        break;
      case 'POST go-away':
        return goAway(simulation, GoAwaySchema.parse(JSON.parse(body)), response);
      case 'POST come-back':
        await simulation.outage.comeBack();
        break;
      case 'POST faults':
        simulation.plan = new FaultPlan(FaultsSchema.parse(JSON.parse(body)), simulation.seed);
        break;
      default:
        return sendError(response, 404, 'not_found', 'Known: state, go-away, come-back, faults.');
    }
  } catch (error) {
    return sendError(response, 400, 'invalid_request_error', reasonOf(error));
  }
  sendState(simulation, response);
}

/** What is wrong is said before the reply, and the reply goes out before the port is shut. */
function goAway(
  simulation: Simulation,
  options: z.infer<typeof GoAwaySchema>,
  response: ServerResponse,
): void {
  if (options.fault !== undefined) parseFaultList(String(options.fault));
  response.once('finish', () => void simulation.outage.goAway(options));
  sendState(simulation, response);
}

function sendState({ log, outage }: Simulation, response: ServerResponse): void {
  sendJson(response, 200, {
    in_flight: log.inFlight(),
    max_in_flight: log.maxInFlight(),
    calls_by_fault: log.countsByFault(),
    away_with_fault: outage.served?.fault.number ?? null,
  });
}

function reasonOf(error: unknown): string {
  if (error instanceof z.ZodError) return z.prettifyError(error);
  return error instanceof LonghaulError ? error.message : 'The body must be JSON.';
}
