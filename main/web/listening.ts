/** Getting a port, and giving it back. */
import type { Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { AppError } from '../../common/errors.ts';
import { localHosts } from './access.ts';

export const usualPort = 4123;
const portsTried = 50;

export function isLocal(host: string): boolean {
  return localHosts.includes(host) || host === '::1';
}

/** As a browser on this machine writes it: a wildcard is no address to go to, one with colons stands in brackets. */
export function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
}

/**
 * @param asked 0: any free port; undefined: the usual one, or the next free one after it
 * @returns the port that was got
 */
export async function listen(server: Server, host: string, asked: number | undefined): Promise<number> {
  const first = asked ?? usualPort;
  for (let port = first; ; port++) {
    try {
      return await listenOn(server, host, port);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EADDRINUSE' && asked === undefined && port < first + portsTried) continue;
      throw listenError(error, code, host, port);
    }
  }
}

function listenOn(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: host.replace(/^\[|\]$/g, ''), port, exclusive: true }, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function listenError(cause: unknown, code: string | undefined, host: string, port: number): AppError {
  const where = `${host}, port ${port}`;
  if (code === 'EADDRINUSE') {
    return new AppError('conflict', `Another program listens on ${where}.`, {
      cure: 'Choose another with --port N, or any free one with --port 0.',
      cause,
    });
  }
  if (code === 'EACCES') {
    return new AppError('environment', `This user may not listen on ${where}.`, {
      cure: 'Choose a port above 1023 with --port N.',
      cause,
    });
  }
  return new AppError('environment', `Cannot listen on ${where}: ${(cause as Error).message}`, {
    cure: 'Check --host: it must be an address of this machine.',
    cause,
  });
}

/** To be called before the first connection. Answers under way get a moment; event streams never end by themselves. */
export function closer(server: Server, graceMs = 300): () => Promise<void> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return async () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeIdleConnections();
    const late = setTimeout(() => {
      for (const socket of sockets) socket.destroy();
    }, graceMs);
    await closed;
    clearTimeout(late);
  };
}
