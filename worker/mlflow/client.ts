/**
 * The REST interface of MLflow, version 2.0 (https://mlflow.org/docs/latest/api_reference/rest-api.html), as far as a
 * push needs it.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../common/errors.ts';
import { type AnswerOf, type MlflowAddress, mlflowAddress, mlflowRefusal } from '../../common/mlflow.ts';
import { stringifyNumbers } from '../../common/numbers.ts';

export interface MlflowClient {
  /** As people name it: without user and password. */
  server: string;
  /** What it says of itself, "3.4.0"; null where it says nothing of the kind, as one behind a proxy may. */
  version(): Promise<string | null>;
  /** Null where MLflow has nothing of that name. Tried once: it is the first word to a server that may not be there. */
  get<Answer>(path: string, query: Record<string, string>, answer: AnswerOf<Answer>): Promise<Answer | null>;
  /** `again`: the same sent twice is the same as once, so that it may be tried again. */
  post<Answer>(path: string, body: object, answer: AnswerOf<Answer>, options?: { again: boolean }): Promise<Answer>;
}

const patienceMs = 120_000;
/** What a server or the proxy before it says while it starts, or has too much to do. */
const passing = new Set([429, 502, 503, 504]);
const pausesMs = [1000, 3000];

/** The user is that of the address, else MLFLOW_TRACKING_USERNAME and _PASSWORD, else MLFLOW_TRACKING_TOKEN. */
export function openMlflow(address: string, environment: NodeJS.ProcessEnv, signal: AbortSignal): MlflowClient {
  const { server, user } = mlflowAddress(address);
  const authorization = authorizationOf(user, environment);

  async function send(path: string, init: RequestInit, again: boolean): Promise<Response> {
    for (const pauseMs of again ? [...pausesMs, null] : [null]) {
      const response = await tryOnce(path, init).catch((thrown: unknown) => {
        if (pauseMs === null || signal.aborted) throw thrown;
        return null;
      });
      if (response && (pauseMs === null || !passing.has(response.status))) return response;
      await response?.body?.cancel();
      await sleep(pauseMs ?? 0, undefined, { signal });
    }
    throw new Error('unreachable'); // the last try returns or throws
  }

  async function tryOnce(path: string, init: RequestInit): Promise<Response> {
    try {
      return await fetch(`${server}/${path}`, {
        ...init,
        headers: { ...(authorization && { authorization }), 'content-type': 'application/json' },
        redirect: 'manual', // what follows one turns a POST into a GET, and tells the password to somebody else
        signal: AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]),
      });
    } catch (thrown) {
      signal.throwIfAborted();
      throw new AppError('environment', `The MLflow server ${server} cannot be reached: ${reasonOf(thrown)}.`, {
        cure: 'Check the address, and that the server runs: mlflow server --host 127.0.0.1 --port 5000.',
        cause: thrown,
      });
    }
  }

  async function ask<Answer>(path: string, init: RequestInit, answer: AnswerOf<Answer>, again: boolean) {
    const response = await send(`api/2.0/mlflow/${path}`, init, again);
    const { status } = response;
    const text = await response.text().catch((thrown: unknown) => {
      signal.throwIfAborted();
      throw new AppError('environment', `The MLflow server ${server} broke off: ${reasonOf(thrown)}.`, {
        cure: 'Push again: it goes on where it was.',
      });
    });
    if (status >= 300 && status < 400) {
      const target = response.headers.get('location') ?? 'nowhere';
      throw new AppError('environment', `${server} sends elsewhere, to ${target}.`, {
        cure: 'Give the address of the MLflow server itself; where that is a page to log in, MLFLOW_TRACKING_TOKEN.',
      });
    }
    const body = parsed(text);
    const said = mlflowRefusal.safeParse(body).data;
    if (status === 401 || (status === 403 && !authorization)) throw unauthorized(server, status, said?.message ?? text);
    if (said && status >= 400) {
      if (said.error_code === 'RESOURCE_DOES_NOT_EXIST') return null;
      throw new AppError('job-failed', `MLflow at ${server} refuses ${path}: ${said.message} (${said.error_code})`, {
        cure: status === 403 ? 'The user may not write there; ask whoever runs the server.' : undefined,
      });
    }
    const read = answer.safeParse(body);
    if (response.ok && read.success) return read.data;
    const start = text.trim().slice(0, 80).replace(/\s+/g, ' ');
    throw new AppError('environment', `What ${server} answers is not MLflow's: status ${status}, "${start}".`, {
      cure: 'Check the address; behind a proxy it may need a path, as in https://host/mlflow.',
    });
  }

  return {
    server,
    async version() {
      const response = await tryOnce('version', { method: 'GET' });
      const said = await response.text().catch(() => '');
      return response.ok && /^\d[\w.+-]{0,40}$/.test(said.trim()) ? said.trim() : null;
    },
    get: (path, query, answer) => ask(`${path}?${new URLSearchParams(query)}`, { method: 'GET' }, answer, false),
    async post(path, body, answer, { again } = { again: true }) {
      const said = await ask(path, { method: 'POST', body: stringifyNumbers(body) }, answer, again);
      if (said !== null) return said;
      throw new AppError('job-failed', `MLflow at ${server} has lost what ${path} is about.`, {
        cure: 'It was deleted there meanwhile; push again.',
      });
    },
  };
}

function authorizationOf(user: MlflowAddress['user'], environment: NodeJS.ProcessEnv): string | null {
  const { MLFLOW_TRACKING_USERNAME: name, MLFLOW_TRACKING_PASSWORD: password } = environment;
  const { MLFLOW_TRACKING_TOKEN: token } = environment;
  const known = user ?? (name && password !== undefined ? { name, password } : null);
  if (known) return `Basic ${Buffer.from(`${known.name}:${known.password}`).toString('base64')}`;
  return token ? `Bearer ${token}` : null;
}

function unauthorized(server: string, status: number, text: string): AppError {
  const said = `${status}: ${text.trim().slice(0, 120)}`;
  if (/host header/i.test(text)) {
    return new AppError('environment', `${server} does not answer under this name (${said}).`, {
      cure: 'Start it with --allowed-hosts and this name, or give the address that it knows.',
    });
  }
  return new AppError('environment', `${server} does not let this user in (${said}).`, {
    cure: 'Give user and password, as in http://user:password@host:port, or a token (MLFLOW_TRACKING_TOKEN).',
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What fetch hides in the cause: "connect ECONNREFUSED 127.0.0.1:5000". */
function reasonOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  if (thrown.name === 'TimeoutError') return `no answer within ${patienceMs / 1000} s`;
  const { cause } = thrown;
  if (cause instanceof AggregateError && cause.errors.length > 0) return String(cause.errors[0].message);
  const reason = cause instanceof Error && cause.message ? cause.message : thrown.message;
  return reason === 'bad port' ? 'its port is one of those that are closed to HTTP; let it listen on another' : reason;
}
