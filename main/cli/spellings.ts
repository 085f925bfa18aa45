/** The reference systems' ways of writing flags, as one way: SEED's have underscores, and words for on and off. */
import { type Field, fieldsOf } from '../../common/fields.ts';
import { jobKinds, jobs } from '../../common/jobs/index.ts';

/**
 * Words of a command line with each flag of the verb's job as it is declared: `--teacher-ssl` as `--teacher_ssl`, and
 * `--cos True`, `--cos=False` as `--cos`, `--no-cos` (which the reference takes for on as well: any word is true there).
 */
export function spelled(words: readonly string[]): string[] {
  const kind = jobKinds.find((kind) => jobs[kind].verb !== '' && jobs[kind].verb === words[0]);
  if (!kind) return [...words];
  const fields = fieldsOf(jobs[kind].config);
  const spellings = new Map(fields.flatMap(({ flags }) => flags.map((flag) => [dashed(flag), flag] as const)));
  const switches = new Map(
    fields
      .filter(({ kind }) => kind === 'boolean')
      .flatMap((field) => field.flags.map((flag) => [flag, field] as const)),
  );
  const result: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    const [name, value] = word.startsWith('--') ? split(word) : [word, undefined];
    const flag = word.startsWith('--') ? (spellings.get(dashed(name)) ?? name) : name;
    const field = switches.get(flag);
    const said = value ?? words[at + 1];
    if (field && said !== undefined && /^(true|false)$/i.test(said)) {
      if (value === undefined) at++;
      result.push(/^true$/i.test(said) ? flag : offFlag(field));
    } else result.push(value === undefined ? flag : `${flag}=${value}`);
  }
  return result;
}

const dashed = (flag: string) => flag.replaceAll('_', '-');

function split(word: string): [string, string | undefined] {
  const at = word.indexOf('=');
  return at < 0 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)];
}

/** As `optionsOf` in flags.ts has it. */
function offFlag({ flags }: Field): string {
  return `--no-${flags.findLast((flag) => flag.startsWith('--'))!.slice(2)}`;
}
