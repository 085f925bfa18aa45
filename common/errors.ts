/** What can go wrong, as a closed set; each code has one exit code at the command line and one status on the wire. */
export const errorCodes = {
  usage: 2,
  'config-invalid': 2,
  'not-found': 2,
  conflict: 2,
  'data-invalid': 3,
  'checkpoint-invalid': 3,
  environment: 4,
  'out-of-memory': 4,
  'health-stop': 5,
  'job-failed': 1,
  internal: 1,
} as const;

export type ErrorCode = keyof typeof errorCodes;

/**
 * The one error that is meant for people: `message` names the offending value, `cure` says what to do about it.
 * Anything else that is thrown is a defect and is shown as `internal`.
 */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly cure: string | undefined;
  /** The config field that the message belongs to, where there is one. */
  readonly field: string | undefined;

  constructor(code: ErrorCode, message: string, more: { cure?: string; field?: string; cause?: unknown } = {}) {
    super(message, { cause: more.cause });
    this.code = code;
    this.cure = more.cure;
    this.field = more.field;
  }

  get exitCode(): number {
    return errorCodes[this.code];
  }
}

/** Any thrown thing as an AppError, keeping the original as its cause. */
export function asAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new AppError('internal', message, { cause: thrown });
}
