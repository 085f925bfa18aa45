/**
 * Who may talk to the host. Listening on localhost alone keeps out neither other users of the machine nor web pages
 * in the user's own browser, so every request needs the token, and a name and an origin that are ours (DNS rebinding,
 * cross-site requests).
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';

export const createToken = (): string => randomBytes(32).toString('base64url');

export interface AccessRules {
  token: string;
  /** Cookies are shared by all ports of a host: the port in the name keeps two studios apart. */
  cookieName: string;
  /** Host names, without port, under which the studio may be reached. */
  allowedHosts: readonly string[];
  /** Any address of digits is accepted too: rebinding needs a name. For hosts that listen beyond localhost. */
  allowAddresses: boolean;
}

export interface Refusal {
  status: 401 | 403;
  message: string;
}

export const localHosts = ['localhost', '127.0.0.1', '[::1]'];

/** Why a request is not served because of where it comes from; null if it is fine. */
export function refuseForeign(headers: IncomingHttpHeaders, rules: AccessRules): Refusal | null {
  const host = hostNameOf(headers.host);
  if (!host || !isAllowedHost(host, rules)) {
    const allowed = rules.allowedHosts.join(', ');
    return {
      status: 403,
      message: `The host name ${JSON.stringify(headers.host ?? '')} is not one of this studio's (${allowed}). Use one of those, or start it with --allow-host ${host || 'NAME'}.`,
    };
  }
  const { origin } = headers;
  if (origin !== undefined && !isSameOrigin(origin, headers.host!)) {
    return { status: 403, message: `A page of ${JSON.stringify(origin)} may not talk to this studio.` };
  }
  // Browsers tell where a request was made; a typed or clicked address ("navigate") may come from anywhere.
  const site = headers['sec-fetch-site'];
  if ((site === 'cross-site' || site === 'same-site') && headers['sec-fetch-mode'] !== 'navigate') {
    return { status: 403, message: 'A page of another site may not load from this studio.' };
  }
  return null;
}

/** Whether a request carries the token, as a cookie or as `Authorization: Bearer`. */
export function hasToken(headers: IncomingHttpHeaders, rules: AccessRules): boolean {
  const bearer = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1];
  return isToken(bearer ?? cookieOf(headers.cookie, rules.cookieName), rules.token);
}

/** Compares in a time that does not depend on how much of the given text is right. */
export function isToken(given: string | null | undefined, token: string): boolean {
  if (!given) return false;
  const [a, b] = [Buffer.from(given), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
}

export function cookieHeader(rules: AccessRules): string {
  return `${rules.cookieName}=${rules.token}; Path=/; HttpOnly; SameSite=Strict`;
}

function cookieOf(header: string | undefined, name: string): string | undefined {
  const pairs = header?.split(';').map((pair) => pair.trim()) ?? [];
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
}

/** Host header without its port: `localhost:4123` -> `localhost`, `[::1]:4123` -> `[::1]`. */
function hostNameOf(host: string | undefined): string {
  return (/^(\[[^\]]*\]|[^:]*)(:\d+)?$/.exec(host ?? '')?.[1] ?? '').toLowerCase();
}

function isAllowedHost(host: string, rules: AccessRules): boolean {
  if (rules.allowedHosts.some((allowed) => allowed.toLowerCase() === host)) return true;
  return rules.allowAddresses && isIP(host.replace(/^\[|\]$/g, '')) !== 0;
}

function isSameOrigin(origin: string, host: string): boolean {
  return origin === `http://${host}` || origin === `https://${host}`;
}
