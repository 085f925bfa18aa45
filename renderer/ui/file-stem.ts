/** A name of a file, without its ending, that any system takes; empty where nothing of the text is left. */
export function fileStem(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[^\w.-]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
    .slice(0, 80);
}
