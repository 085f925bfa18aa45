import { AppError } from '../../common/errors.ts';

interface UploadOptions {
  signal: AbortSignal;
  onProgress: (done: number, total: number) => void;
}

/**
 * Sends a file to the machine that the studio runs on.
 *
 * @returns its path there
 */
export function uploadFile(file: File, { signal, onProgress }: UploadOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    // Not fetch: it does not tell how much has been sent.
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    signal.addEventListener('abort', abort);
    request.upload.onprogress = ({ loaded, total }) => onProgress(loaded, total);
    request.onabort = () => reject(signal.reason);
    request.onerror = () =>
      reject(new AppError('environment', `${file.name} could not be sent to the studio.`, { cure: 'Try it again.' }));
    request.onload = () => {
      if (request.status === 200) resolve((JSON.parse(request.responseText) as { file: string }).file);
      else reject(refusalOf(request));
    };
    request.onloadend = () => signal.removeEventListener('abort', abort);
    request.open('POST', `/uploads?name=${encodeURIComponent(file.name)}`);
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
