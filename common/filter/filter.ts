/**
 * Filters that people type: words that must occur, comparisons of fields, `and`, `or`, `not`, brackets. The same text
 * works on every page and at the command line.
 *
 *     resnet demo                                 both words occur somewhere
 *     arch = resnet18 and (knn > 60 or epochs >= 100)
 *     not name ~ /seed-[0-9]+/i                   a pattern; without slashes "~" looks for the text itself
 *
 * Words and text compare without regard to case. A field that is missing, NaN or infinite matches no comparison with a
 * number, and no comparison but `!=` and `!~` with a text.
 */
import { nearestTo } from '../nearest.ts';
import { type Operator, refuse, type Token, tokensOf } from './tokens.ts';

export type FilterValue = string | number | boolean | null | undefined;
/** Several words, as tags: `=` and `~` ask whether one of them fits, `!=` and `!~` whether none does. */
type FilterWords = readonly string[];

/** What a filter asks of a thing. */
export interface Filterable {
  /** All that a bare word is looked for in, in lower case. */
  text(): string;
  value(field: string): FilterValue | FilterWords;
}

export interface Filter {
  matches(thing: Filterable): boolean;
  /** The fields that are compared, as written. */
  fields: string[];
}

type Condition = (thing: Filterable) => boolean;

/**
 * Reads a filter; an empty one matches everything. Throws a `FilterError` with the place; fields that are not among the
 * known ones (where those are given) are refused with the nearest name.
 */
export function parseFilter(text: string, known?: ReadonlySet<string>): Filter {
  const tokens = tokensOf(text);
  const fields = new Set<string>();
  let next = 0;
  const condition = tokens.length === 0 ? () => true : either();
  if (next < tokens.length) refuse('")" closes nothing', tokens[next]!.at);
  return { matches: condition, fields: [...fields] };

  function take(kind: Token['kind']): boolean {
    if (tokens[next]?.kind !== kind) return false;
    next++;
    return true;
  }

  function either(): Condition {
    const parts = [both()];
    while (take('or')) parts.push(both());
    return parts.length === 1 ? parts[0]! : (thing) => parts.some((part) => part(thing));
  }

  /** `and` may be left out between two conditions. */
  function both(): Condition {
    const parts = [one()];
    while (take('and') || !['or', 'close', undefined].includes(tokens[next]?.kind)) parts.push(one());
    return parts.length === 1 ? parts[0]! : (thing) => parts.every((part) => part(thing));
  }

  function one(): Condition {
    const token = tokens[next++] ?? refuse('a condition is missing at the end', text.length);
    if (token.kind === 'not') {
      const inner = one();
      return (thing) => !inner(thing);
    }
    if (token.kind === 'open') {
      const inner = either();
      if (!take('close')) refuse('"(" is not closed', token.at);
      return inner;
    }
    if (token.kind !== 'word') refuse('a field or a word is missing', token.at);
    const operator = tokens[next];
    if (operator?.kind !== 'operator') {
      const word = token.text.toLowerCase();
      return (thing) => thing.text().includes(word);
    }
    next++;
    if (known && !known.has(token.text)) refuseField(token.text, known, token.at);
    fields.add(token.text);
    return comparison(token.text, operator.operator, tokens[next++], operator.at);
  }
}

/** The fields that a filter compares; none where it cannot be read. */
export function filterFields(text: string): string[] {
  try {
    return parseFilter(text).fields;
  } catch {
    return [];
  }
}

function refuseField(field: string, known: ReadonlySet<string>, at: number): never {
  const near = nearestTo(field, [...known]);
  return refuse(`there is no field "${field}"${near ? `, but "${near}"` : ''}`, at);
}

function comparison(field: string, operator: Operator, value: Token | undefined, at: number): Condition {
  const fits = valueComparison(operator, value, at);
  // A word is a text even where it reads as a number.
  const fitsWord = valueComparison(operator, value?.kind === 'word' ? { ...value, quoted: true } : value, at);
  const every = operator === '!=' || operator === '!~';
  return (thing) => {
    const found = thing.value(field);
    if (!isWords(found)) return fits(found);
    return every ? found.every(fitsWord) : found.some(fitsWord);
  };
}

function isWords(value: FilterValue | FilterWords): value is FilterWords {
  return Array.isArray(value);
}

function valueComparison(operator: Operator, value: Token | undefined, at: number): (found: FilterValue) => boolean {
  if (value?.kind === 'pattern') {
    if (operator !== '~' && operator !== '!~') refuse('a pattern is compared by "~" or "!~"', at);
    const { pattern } = value;
    return (found) => pattern.test(textOf(found)) === (operator === '~');
  }
  if (value?.kind !== 'word') return refuse(`"${operator}" is followed by no value`, at);
  const { text } = value;
  const lower = text.toLowerCase();
  if (operator === '~') return (found) => textOf(found).toLowerCase().includes(lower);
  if (operator === '!~') return (found) => !textOf(found).toLowerCase().includes(lower);

  const number = value.quoted || text.trim() === '' ? Number.NaN : Number(text);
  const compare = comparisons[operator];
  if (!Number.isFinite(number)) {
    return (found) => compare(textOf(found).toLowerCase(), lower);
  }
  return (found) => typeof found === 'number' && Number.isFinite(found) && compare(found, number);
}

const comparisons: Record<Exclude<Operator, '~' | '!~'>, <T extends string | number>(a: T, b: T) => boolean> = {
  '=': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<': (a, b) => a !== '' && a < b,
  '<=': (a, b) => a !== '' && a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a !== '' && a >= b,
};

function textOf(value: FilterValue): string {
  return value === null || value === undefined ? '' : String(value);
}
