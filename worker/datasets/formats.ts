const byExtension: Record<string, string> = {
  '.jpg': 'JPEG',
  '.jpeg': 'JPEG',
  '.png': 'PNG',
  '.webp': 'WebP',
  '.gif': 'GIF',
  '.tif': 'TIFF',
  '.tiff': 'TIFF',
  '.bmp': 'BMP',
};

/** The image format that an extension (with its dot, in any case) stands for. */
export function formatByExtension(extension: string): string | undefined {
  return byExtension[extension.toLowerCase()];
}

/** The image format that a file's first bytes tell; undefined for anything else. */
export function formatOf(bytes: Buffer): string | undefined {
  const start = bytes.toString('latin1', 0, 12);
  if (start.startsWith('\xff\xd8\xff')) return 'JPEG';
  if (start.startsWith('\x89PNG\r\n')) return 'PNG';
  if (start.startsWith('GIF8')) return 'GIF';
  if (start.startsWith('RIFF') && start.endsWith('WEBP')) return 'WebP';
  if (start.startsWith('II*\0') || start.startsWith('MM\0*')) return 'TIFF';
  if (start.startsWith('BM')) return 'BMP';
  return undefined;
}
