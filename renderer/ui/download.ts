/** Lets the browser fetch a file of the studio, as large as it may be. */
export function downloadFrom(url: string): void {
  const link = document.createElement('a');
  link.href = `${url}?download`;
  link.download = '';
  link.click();
}

/** Offers a file that the page made: the browser asks where to, or puts it where its downloads go. */
export function downloadFile(fileName: string, content: BlobPart, mediaType: string): void {
  const url = URL.createObjectURL(new Blob([content], { type: mediaType }));
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  // The download has its own hold on the content once it has begun.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
