/**
 * A config field is one zod line that carries its own label, unit, help, flags and bounds. Everything else that
 * needs to know about the field (the form, the command line, the docs, the checks) asks `fieldsOf`.
 */
import { z } from 'zod';

export interface FieldMeta {
  label: string;
  help: string;
  /** The heading under which the form shows it. */
  group: string;
  /** What the number counts or measures, shown behind it. */
  unit?: string;
  /** Names at the command line, the reference's own first; short ones too: `['--lr', '--learning-rate']`. */
  flags: string[];
  /** What the form offers beside typing. */
  control?: 'folder' | 'file' | 'checkpoint';
  /** Shown only when all fields are asked for. */
  advanced?: boolean;
}

export interface Field extends FieldMeta {
  key: string;
  kind: 'integer' | 'number' | 'boolean' | 'choice' | 'text' | 'integers';
  choices?: string[];
  minimum?: number;
  maximum?: number;
  default?: unknown;
  required: boolean;
}

/** Attaches what people see of a field to its schema: `field(z.int().min(1).default(200), { label: 'Epochs', ... })`. */
export function field<Schema extends z.ZodType>(schema: Schema, meta: FieldMeta): Schema {
  return schema.meta({ ...meta });
}

interface PropertySchema extends Partial<FieldMeta> {
  type?: string;
  enum?: string[];
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  default?: unknown;
}

/** The fields of a config schema in the order of their definition. */
export function fieldsOf(schema: z.ZodObject): Field[] {
  const json = z.toJSONSchema(schema, { io: 'input' }) as {
    properties: Record<string, PropertySchema>;
    required?: string[];
  };
  return Object.entries(json.properties).map(([key, property]) => ({
    key,
    kind: kindOf(property),
    choices: property.enum,
    minimum: boundOf(property.minimum ?? property.exclusiveMinimum, Number.MIN_SAFE_INTEGER),
    maximum: boundOf(property.maximum, Number.MAX_SAFE_INTEGER),
    default: property.default,
    required: json.required?.includes(key) ?? false,
    label: property.label ?? key,
    help: property.help ?? '',
    group: property.group ?? '',
    unit: property.unit,
    flags: property.flags ?? [],
    control: property.control,
    advanced: property.advanced,
  }));
}

function kindOf(property: PropertySchema): Field['kind'] {
  if (property.enum) return 'choice';
  if (property.type === 'array') return 'integers';
  if (property.type === 'integer' || property.type === 'number' || property.type === 'boolean') return property.type;
  return 'text';
}

/** zod writes the bounds of safe integers where none was asked for; a person was told of none. */
function boundOf(bound: number | undefined, outermost: number): number | undefined {
  return bound === outermost ? undefined : bound;
}
