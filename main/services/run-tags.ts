/** Tags of runs as they are kept: no spaces around them, no two that differ by case alone, in the order they came. */
import { AppError } from '../../common/errors.ts';

const most = { tags: 50, characters: 40 };

/** Throws `usage` for a tag that is empty, too long or has a comma, which parts them where people type several. */
export function checkedTags(given: readonly string[]): string[] {
  const kept = new Map<string, string>();
  for (const tag of given.map((one) => one.trim().replaceAll(/\s+/g, ' '))) {
    if (tag === '' || tag.length > most.characters || tag.includes(',')) {
      throw new AppError('usage', `"${tag}" cannot be a tag.`, {
        cure: `A tag has 1 to ${most.characters} characters and no comma.`,
        field: 'tags',
      });
    }
    if (!kept.has(keyOf(tag))) kept.set(keyOf(tag), tag);
  }
  if (kept.size <= most.tags) return [...kept.values()];
  throw new AppError('usage', `A run cannot have ${kept.size} tags.`, {
    cure: `It can have ${most.tags}; what is longer fits the note.`,
    field: 'tags',
  });
}

export function withoutTags(tags: readonly string[], removed: readonly string[]): string[] {
  const gone = new Set(checkedTags(removed).map(keyOf));
  return tags.filter((tag) => !gone.has(keyOf(tag)));
}

function keyOf(tag: string): string {
  return tag.toLowerCase();
}
