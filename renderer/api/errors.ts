/** A failed call as people should read it: what happened, and what to do. */
import { notifications } from '@mantine/notifications';
import { AppError, type ErrorCode } from '../../common/errors.ts';

export interface ShownError {
  message: string;
  cure: string | undefined;
}

export function shownError(error: unknown): ShownError {
  if (!(error instanceof Error)) return { message: String(error), cure: undefined };
  const app = error instanceof AppError ? error : appOf(error);
  if (app) return { message: app.message, cure: app.cure };
  if (error.message === 'Failed to fetch') {
    return {
      message: 'The studio does not answer.',
      cure: 'Check that it is still running; this page reconnects by itself.',
    };
  }
  return { message: error.message, cure: undefined };
}

export function showError(title: string, error: unknown): void {
  const { message, cure } = shownError(error);
  notifications.show({ title, message: cure ? `${message} ${cure}` : message, color: 'red', autoClose: 12_000 });
}

/** Undefined for what is none of the studio's errors, as a lost connection. */
export function codeOf(error: unknown): ErrorCode | undefined {
  if (error instanceof AppError) return error.code;
  return error instanceof Error ? appOf(error)?.code : undefined;
}

function appOf(error: Error): { code: ErrorCode; message: string; cure?: string } | undefined {
  const data = 'data' in error ? error.data : undefined;
  if (typeof data !== 'object' || data === null || !('app' in data)) return undefined;
  return data.app as { code: ErrorCode; message: string; cure?: string };
}
