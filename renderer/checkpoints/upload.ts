import { AppError } from '../../common/errors.ts';

interface UploadOptions {
  signal: AbortSignal;
  onProgress: (done: number, total: number) => void;
}

/** A log folder of the computer that the page is shown on: its event files by their places below it. */
export interface SentFolder {
  name: string;
  files: { path: string; file: File }[];
}

interface Answer {
  file: string;
  upload: string;
}

/**
 * Sends a file to the machine that the studio runs on.
 *
 * @returns its path there
 */
export async function uploadFile(file: File, options: UploadOptions): Promise<string> {
  return (await post(file, { name: file.name }, options)).file;
}

/**
 * Sends a folder, one file after the other.
 *
 * @param onPlace told its path there as soon as there is one, so that what is left half can be removed
 */
export async function uploadFolder(
  { name, files }: SentFolder,
  { signal, onProgress, onPlace }: UploadOptions & { onPlace: (path: string) => void },
): Promise<string> {
  const total = files.reduce((sum, { file }) => sum + file.size, 0);
  let before = 0;
  let begun: Answer | undefined;
  for (const { path, file } of files) {
    const query = { folder: name, path, ...(begun && { upload: begun.upload }) };
    const answer = await post(file, query, { signal, onProgress: (done) => onProgress(before + done, total) });
    if (!begun) onPlace(answer.file);
    begun ??= answer;
    before += file.size;
  }
  if (begun) return begun.file;
  throw new AppError('usage', `${name} has no files to send.`);
}

function post(file: File, query: Record<string, string>, { signal, onProgress }: UploadOptions): Promise<Answer> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    // Not fetch: it does not tell how much has been sent.
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    signal.addEventListener('abort', abort);
    request.upload.onprogress = ({ loaded, total }) => onProgress(loaded, total);
    request.onabort = () => reject(signal.reason);
    request.onerror = () =>
      reject(new AppError('environment', `${file.name} could not be sent to the studio.`, { cure: 'Try it again.' }));
    request.onload = () => {
      if (request.status === 200) resolve(JSON.parse(request.responseText) as Answer);
      else reject(refusalOf(request));
    };
    request.onloadend = () => signal.removeEventListener('abort', abort);
    request.open('POST', `/uploads?${new URLSearchParams(query)}`);
    request.setRequestHeader('content-type', 'application/octet-stream');
    request.send(file);
  });
}

/** Errors of the studio come in superjson's wrapping. */
function refusalOf({ status, statusText, responseText }: XMLHttpRequest): AppError {
  try {
    const { error } = JSON.parse(responseText) as { error: { json: { data: { app: AppError } } } };
    const { code, message, cure } = error.json.data.app;
    return new AppError(code, message, { cure });
  } catch {
    return new AppError('environment', `The studio answered ${status} ${statusText}.`);
  }
}
