/** The first name that occurs twice in one object of a valid JSON text, which JSON.parse would let pass silently. */
export function findRepeatedKey(json: string): string | undefined {
  // Strings (with the colon that makes them names) and the braces; the rest does not matter in a valid text.
  const tokens = /("[^"\\]*(?:\\.[^"\\]*)*")(\s*:)?|[{}]/g;
  const open: Set<string>[] = [];
  for (const [token, text, colon] of json.matchAll(tokens)) {
    if (token === '{') open.push(new Set());
    else if (token === '}') open.pop();
    else if (colon !== undefined && text !== undefined) {
      const name: string = JSON.parse(text);
      const names = open.at(-1);
      if (names?.has(name)) return name;
      names?.add(name);
    }
  }
  return undefined;
}
