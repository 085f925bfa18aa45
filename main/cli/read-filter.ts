/** A filter from the command line: one that does not parse is shown with its place marked. */
import { type Filter, parseFilter } from '../../common/filter/filter.ts';
import { FilterError } from '../../common/filter/tokens.ts';

export function readFilter(text: string, known?: ReadonlySet<string>): Filter {
  try {
    return parseFilter(text, known);
  } catch (thrown) {
    if (thrown instanceof FilterError) console.error(`${text}\n${' '.repeat(thrown.at)}^`);
    throw thrown;
  }
}
