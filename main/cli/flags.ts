/** The command-line options of a job, made from its config's one definition. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { z } from 'zod';
import { wantedWords } from '../../common/config-issues.ts';
import { AppError } from '../../common/errors.ts';
import { type Field, fieldsOf } from '../../common/fields.ts';
import { suggestFlags } from './near-flag.ts';

/** Adds an option for each field that has a flag, grouped as in the form. */
export function addFields(command: Command, schema: z.ZodObject): void {
  for (const field of fieldsOf(schema)) {
    if (field.flags.length === 0) continue;
    for (const option of optionsOf(field)) command.addOption(option);
  }
  suggestFlags(
    command,
    fieldsOf(schema).flatMap((field) => field.flags),
  );
}

/** What was given at the command line, and nothing else: defaults and recipes come below it. */
export function givenFields(command: Command, schema: z.ZodObject): Record<string, unknown> {
  const options = command.opts<Record<string, unknown>>();
  const given = fieldsOf(schema)
    .filter((field) => field.flags.length > 0)
    .map((field) => [field.key, readValue(field, options[attributeOf(field)])] as const)
    .filter(([, value]) => value !== undefined);
  return Object.fromEntries(given);
}

/** The config with every field, or an error that names the flag, the bound and the value. */
export function resolveConfig<Schema extends z.ZodObject>(
  schema: Schema,
  values: Record<string, unknown>,
): z.infer<Schema> {
  const parsed = schema.safeParse(values);
  if (parsed.success) return parsed.data;
  const fields = new Map(fieldsOf(schema).map((field) => [field.key, field]));
  const problems = parsed.error.issues.map((issue) => {
    const key = String(issue.path[0] ?? '');
    const field = fields.get(key);
    if (!field) return issue.message;
    const name = field.flags.at(-1) ?? `<${key}>`;
    if (values[key] === undefined) return `${name} is needed: ${field.label.toLowerCase()}.`;
    return `${name} is ${JSON.stringify(values[key])}; ${wantedWords(field, issue)}.`;
  });
  throw new AppError('config-invalid', problems.join('\n'), { field: String(parsed.error.issues[0]?.path[0] ?? '') });
}

function optionsOf(field: Field): Option[] {
  const flags = field.flags.join(', ');
  if (field.kind === 'boolean') {
    const off = `--no-${longFlag(field).slice(2)}`;
    const state = field.default ? `on; off with ${off}` : 'off';
    return [
      new Option(flags, `${field.help} (default: ${state})`).helpGroup(`${field.group}:`),
      new Option(off).hideHelp(), // overrides a recipe that has it on
    ];
  }
  const option = new Option(`${flags} ${placeholderOf(field)}`, describe(field)).helpGroup(`${field.group}:`);
  if (field.choices) option.choices(field.choices);
  else if (field.kind === 'integers') option.argParser(collectIntegers(option));
  else if (field.kind !== 'text') option.argParser(parseNumber(field));
  return [option];
}

function describe(field: Field): string {
  const facts = [
    field.choices ? '' : boundsOf(field),
    field.default === undefined || field.default === '' ? '' : `default: ${[field.default].flat().join(' ')}`,
  ].filter(Boolean);
  return facts.length > 0 ? `${field.help} (${facts.join('; ')})` : field.help;
}

function placeholderOf(field: Field): string {
  if (field.kind === 'integers') return `[${field.unit ?? 'numbers'}...]`;
  if (field.kind === 'choice') return '<name>';
  if (field.kind === 'text') return field.control === 'folder' ? '<folder>' : '<file>';
  return `<${field.unit ?? 'number'}>`;
}

/** "16 to 1024", "at least 1"; empty where there is no bound. */
function boundsOf({ minimum, maximum, kind }: Field): string {
  if (kind !== 'integer' && kind !== 'number') return '';
  if (minimum !== undefined && maximum !== undefined) return `${minimum} to ${maximum}`;
  if (minimum !== undefined) return minimum === 0 && kind === 'number' ? 'not negative' : `at least ${minimum}`;
  return maximum === undefined ? '' : `at most ${maximum}`;
}

function parseNumber(field: Field) {
  return (text: string): number => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('It is not a number.');
    if (field.kind === 'integer' && !Number.isInteger(value))
      throw new InvalidArgumentError('It is not a whole number.');
    return value;
  };
}

/** `--schedule 120 160` and `--schedule 120,160`. */
function collectIntegers(option: Option) {
  return (value: string, earlier: number[] | undefined): number[] => {
    const numbers = value.split(',').map(Number);
    if (!numbers.every(Number.isInteger)) {
      throw new InvalidArgumentError(
        `It is not a whole number. If it is the data folder, put that before ${option.long}.`,
      );
    }
    return [...(earlier ?? []), ...numbers];
  };
}

/** A list option that is given alone, `--schedule`, is an empty list. */
function readValue(field: Field, value: unknown): unknown {
  return field.kind === 'integers' && value === true ? [] : value;
}

function longFlag(field: Field): string {
  return field.flags.findLast((flag) => flag.startsWith('--')) ?? field.flags[0]!;
}

function attributeOf(field: Field): string {
  return new Option(field.flags.join(', ')).attributeName();
}
