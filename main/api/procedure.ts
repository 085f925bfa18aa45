/** The base of every procedure: the services as context, numbers that survive the wire, errors meant for people. */
import { initTRPC, TRPCError } from '@trpc/server';
import superjson from 'superjson';
import { asAppError, type ErrorCode } from '../../common/errors.ts';
import type { Services } from '../services/index.ts';

export interface Context {
  services: Services;
  /** What the desktop application can do beside the services; no other door has it. */
  desktop?: Desktop;
}

export interface Desktop {
  /** The system's own dialog; null when it was cancelled. */
  chooseFolder(startIn?: string): Promise<string | null>;
}

/** Of an error on the wire: `error.data.app`. */
export interface ErrorForPeople {
  code: ErrorCode;
  message: string;
  cure?: string;
  field?: string;
}

const t = initTRPC.context<Context>().create({
  transformer: superjson,
  // An event stream through a proxy that cuts idle connections: a comment line now and then, and the client reconnects.
  sse: { ping: { enabled: true, intervalMs: 10_000 }, client: { reconnectAfterInactivityMs: 30_000 } },
  errorFormatter({ shape, error }) {
    return { ...shape, data: { ...shape.data, stack: undefined, app: forPeople(error) } };
  },
});

/** The router's status for each of our codes. */
const statusOf: Record<ErrorCode, TRPCError['code']> = {
  usage: 'BAD_REQUEST',
  'config-invalid': 'BAD_REQUEST',
  'not-found': 'NOT_FOUND',
  conflict: 'CONFLICT',
  'data-invalid': 'UNPROCESSABLE_CONTENT',
  'checkpoint-invalid': 'UNPROCESSABLE_CONTENT',
  environment: 'PRECONDITION_FAILED',
  'out-of-memory': 'PRECONDITION_FAILED',
  'health-stop': 'PRECONDITION_FAILED',
  'job-failed': 'INTERNAL_SERVER_ERROR',
  internal: 'INTERNAL_SERVER_ERROR',
};

export const router = t.router;
export const createCallerFactory = t.createCallerFactory;

export const procedure = t.procedure.use(async ({ next }) => {
  const answer = await next();
  if (answer.ok || !answer.error.cause) return answer;
  const app = asAppError(answer.error.cause);
  if (app.code === 'internal') return answer;
  throw new TRPCError({ code: statusOf[app.code], message: app.message, cause: app });
});

function forPeople(error: TRPCError): ErrorForPeople {
  const app = asAppError(error.cause ?? error);
  const code = app.code === 'internal' && error.code === 'BAD_REQUEST' ? 'usage' : app.code;
  return { code, message: error.message, cure: app.cure, field: app.field };
}
