/** The words of a filter: `arch = resnet18 and (knn > 60 or name ~ /demo/i)`. */
import { AppError } from '../errors.ts';

export const operators = ['!=', '!~', '<=', '>=', '=', '~', '<', '>'] as const;
export type Operator = (typeof operators)[number];

export type Token = { at: number } & (
  | { kind: 'open' | 'close' | 'and' | 'or' | 'not' }
  | { kind: 'operator'; operator: Operator }
  /** `quoted` words are never `and`, `or`, `not`. */
  | { kind: 'word'; text: string; quoted: boolean }
  | { kind: 'pattern'; pattern: RegExp }
);

/** Throws `usage`, naming the place. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const rest = text.slice(at);
    const space = /^\s+/.exec(rest)?.[0].length ?? 0;
    if (space > 0) {
      at += space;
      continue;
    }
    const { token, length } = tokenAt(rest, at, tokens.at(-1)?.kind === 'operator');
    tokens.push(token);
    at += length;
  }
  return tokens;
}

function tokenAt(rest: string, at: number, afterOperator: boolean): { token: Token; length: number } {
  if (rest[0] === '(') return { token: { kind: 'open', at }, length: 1 };
  if (rest[0] === ')') return { token: { kind: 'close', at }, length: 1 };
  // After an operator "/" begins a pattern; elsewhere it is a part of a word, as in a path.
  if (afterOperator && rest[0] === '/') return patternAt(rest, at);
  if (rest[0] === '"') return quotedAt(rest, at);
  const operator = operators.find((sign) => rest.startsWith(sign));
  if (operator) return { token: { kind: 'operator', operator, at }, length: operator.length };
  const word = /^[^\s()"=~<>!]+/.exec(rest)?.[0] ?? refuse('"!" stands alone; write "!=", "!~" or "not"', at);
  const lower = word.toLowerCase();
  if (!afterOperator && (lower === 'and' || lower === 'or' || lower === 'not')) {
    return { token: { kind: lower, at }, length: word.length };
  }
  return { token: { kind: 'word', text: word, quoted: false, at }, length: word.length };
}

function quotedAt(rest: string, at: number): { token: Token; length: number } {
  const quoted = /^"((?:[^"\\]|\\.)*)"/.exec(rest) ?? refuse('a quotation is not closed', at);
  const text = quoted[1]!.replaceAll(/\\(.)/g, '$1');
  return { token: { kind: 'word', text, quoted: true, at }, length: quoted[0].length };
}

function patternAt(rest: string, at: number): { token: Token; length: number } {
  const [whole, source, flags] =
    /^\/((?:[^/\\]|\\.)+)\/([a-z]*)/.exec(rest) ?? refuse('a pattern is not closed by "/"', at);
  try {
    return { token: { kind: 'pattern', pattern: new RegExp(source!, flags), at }, length: whole.length };
  } catch (thrown) {
    return refuse((thrown as Error).message, at);
  }
}

/** A filter that does not parse. */
export class FilterError extends AppError {
  /** Index of the character where it breaks; the length of the filter where something is missing at its end. */
  readonly at: number;

  constructor(problem: string, at: number) {
    super('usage', `The filter cannot be read at character ${at + 1}: ${problem}.`, {
      cure: 'For example: arch = resnet18 and (knn > 60 or epochs >= 100) and not name ~ /demo/i',
    });
    this.at = at;
  }
}

export function refuse(problem: string, at: number): never {
  throw new FilterError(problem, at);
}
