import { types } from 'node:util';

/** Errors of the runtime itself, named as Lambda names them. */
export class RuntimeError extends Error {
  constructor(kind, message) {
    super(message);
    this.name = `Runtime.${kind}`;
  }
}

const looksLikeError = (error) =>
  types.isNativeError(error) || (error?.name && error.message !== undefined && typeof error.stack === 'string');

/** The payload Lambda answers with: `{errorType, errorMessage, trace}`. Never throws. */
export function errorPayload(error) {
  try {
    if (!looksLikeError(error)) return { errorType: typeof error, errorMessage: String(error), trace: [] };
    return { errorType: error.name, errorMessage: error.message, trace: String(error.stack).split('\n') };
  } catch {
    return { errorType: 'handled', errorMessage: 'the error could not be read' };
  }
}

/** For the log: with `code`, `stack` and the error's own properties, as Lambda prints it. */
export function formatError(error) {
  const readable = (_key, value) =>
    value instanceof Error
      ? {
          errorType: value.name,
          errorMessage: value.message,
          code: value.code,
          ...value,
          stack: String(value.stack).split('\n'),
        }
      : value;
  try {
    return JSON.stringify(error, readable);
  } catch {
    return JSON.stringify(errorPayload(error));
  }
}
