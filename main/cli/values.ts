/** Values of options that are not fields of a job. */
import { InvalidArgumentError } from 'commander';

export function portOf(text: string): number {
  const port = Number(text);
  if (text.trim() === '' || !Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new InvalidArgumentError('It must be 0 to 65535.');
  }
  return port;
}
