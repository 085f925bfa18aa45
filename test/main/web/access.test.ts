import { describe, expect, test } from 'vitest';
import {
  type AccessRules,
  cookieHeader,
  createToken,
  hasToken,
  isToken,
  refuseForeign,
} from '../../../main/web/access.ts';

const rules: AccessRules = {
  token: createToken(),
  cookieName: 'contrast-4123',
  allowedHosts: ['localhost', '127.0.0.1', '[::1]'],
  allowAddresses: false,
};

describe('where a request may come from', () => {
  test.each(['localhost:4123', '127.0.0.1:4123', '[::1]:4123', 'localhost', 'LOCALHOST:80'])('host %s', (host) => {
    expect(refuseForeign({ host }, rules)).toBeNull();
  });

  test.each([
    undefined,
    '',
    'evil.example',
    'localhost.evil.example:4123',
    '127.0.0.1.evil.example',
    '192.168.1.5:4123',
    'localhost:4123@evil.example',
    '[::1',
  ])('not host %s', (host) => {
    const refusal = refuseForeign({ host }, rules);
    expect(refusal?.status).toBe(403);
    expect(refusal?.message).toContain('--allow-host');
  });

  test('a host that listens wider takes addresses, and still no names but its own', () => {
    const wide = { ...rules, allowAddresses: true };
    expect(refuseForeign({ host: '192.168.1.5:4123' }, wide)).toBeNull();
    expect(refuseForeign({ host: '[fe80::1]:4123' }, wide)).toBeNull();
    expect(refuseForeign({ host: 'rebound.example:4123' }, wide)?.status).toBe(403);
  });

  test('origin: our own and none, no other port, scheme or name', () => {
    const host = 'localhost:4123';
    for (const origin of [undefined, 'http://localhost:4123', 'https://localhost:4123']) {
      expect(refuseForeign({ host, origin }, rules)).toBeNull();
    }
    for (const origin of ['http://localhost:3000', 'http://evil.example', 'null', 'http://127.0.0.1:4123']) {
      expect(refuseForeign({ host, origin }, rules)?.status).toBe(403);
    }
  });

  test('a page of another site may link here, but not load from here', () => {
    const host = 'localhost:4123';
    const from = (site: string, mode: string) =>
      refuseForeign({ host, 'sec-fetch-site': site, 'sec-fetch-mode': mode }, rules)?.status;
    expect(from('cross-site', 'navigate')).toBeUndefined();
    expect(from('same-origin', 'cors')).toBeUndefined();
    expect(from('cross-site', 'no-cors')).toBe(403);
    expect(from('same-site', 'no-cors')).toBe(403);
  });
});

describe('the token', () => {
  test('is random, long, and compared as a whole', () => {
    expect(createToken()).not.toBe(createToken());
    expect(Buffer.from(rules.token, 'base64url')).toHaveLength(32);
    expect(isToken(rules.token, rules.token)).toBe(true);
    for (const wrong of [undefined, null, '', 'x', rules.token.slice(1), `${rules.token}x`, 'é'.repeat(21)]) {
      expect(isToken(wrong, rules.token)).toBe(false);
    }
  });

  test('is read from its cookie among others, and from the header', () => {
    const cookie = cookieHeader(rules).split(';')[0];
    expect(hasToken({ cookie: `a=b; ${cookie}; c=d` }, rules)).toBe(true);
    expect(hasToken({ cookie: `contrast-4124=${rules.token}` }, rules)).toBe(false);
    expect(hasToken({ cookie: `xcontrast-4123=${rules.token}` }, rules)).toBe(false);
    expect(hasToken({ authorization: `Bearer ${rules.token}` }, rules)).toBe(true);
    expect(hasToken({ authorization: `Basic ${rules.token}` }, rules)).toBe(false);
    // A wrong header is not saved by a right cookie: whoever sends one means it.
    expect(hasToken({ authorization: 'Bearer no', cookie }, rules)).toBe(false);
  });
});
