import Type from 'typebox';
import { ErrorBody } from '../../shared/contract/server-info.ts';

/** Answers of every route that only the operator may use, for its `response` schema. */
export const adminErrors = {
  401: ErrorBody,
  403: ErrorBody,
  429: ErrorBody,
} as const;

/** No body. */
export const NoContent = Type.Null({ description: 'Done.' });
