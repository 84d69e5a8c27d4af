import type { z } from 'zod';
import { show } from '../sampling/check.ts';
import { nearest } from '../sampling/nearest.ts';
import { badRequest, type HttpError } from './http-error.ts';

/**
 * Checks the body of a request.
 *
 * @param schema a strict object, whose errors say in words what is allowed
 * @param refused fields of OpenAI's interface that are known and not supported, and why
 * @throws HttpError 400 that names the field, what is allowed and what was received
 */
export function parse<T>(
  body: unknown,
  schema: z.ZodType<T> & { readonly shape: Readonly<Record<string, unknown>> },
  refused: Readonly<Record<string, string>> = {},
): T {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw badRequest(
      `the body must be a JSON object, got ${show(body)}`,
      undefined,
      'invalid_json',
    );
  const legal = Object.keys(schema.shape);
  // By hand, as a key such as __proto__ is no key to every library.
  for (const name of Object.keys(body))
    if (!legal.includes(name)) throw unknownField(name, legal, refused);
  const { data, error } = schema.safeParse(body);
  if (error) throw refusal(error.issues[0]!, body);
  return data;
}

function unknownField(
  name: string,
  legal: readonly string[],
  refused: Readonly<Record<string, string>>,
): HttpError {
  if (Object.hasOwn(refused, name))
    return badRequest(`${name} is not supported: ${refused[name]}`, name, 'unsupported_parameter');
  const shown = show(name.slice(0, 64));
  const message = `unknown field ${shown}${nearest(name, legal)}; fields: ${legal.join(', ')}`;
  return badRequest(message, name.slice(0, 64), 'unknown_parameter');
}

function refusal(issue: z.core.$ZodIssue, body: unknown): HttpError {
  const param = issue.path.reduce<string>(
    (path, key) =>
      (typeof key === 'number' ? `${path}[${key}]` : path && `${path}.${String(key)}`) ||
      String(key),
    '',
  );
  if (issue.code === 'custom') return badRequest(issue.message, param, 'invalid_value');
  if (issue.code === 'unrecognized_keys') {
    const name = `${param}.${issue.keys[0]?.slice(0, 64)}`;
    return badRequest(`unknown field ${show(name)}`, name, 'unknown_parameter');
  }
  const value = issue.path.reduce<unknown>(
    (part, key) => (part as Record<PropertyKey, unknown> | undefined)?.[key],
    body,
  );
  const received =
    typeof value === 'string' && value.length > 64 ? `${value.length} characters` : show(value);
  const code = value === undefined ? 'missing_required_parameter' : 'invalid_value';
  return badRequest(`${param} must be ${issue.message}, got ${received}`, param, code);
}
