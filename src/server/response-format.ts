import { z } from 'zod';
import { parseSchema, type ResponseFormat } from '../generation/response-format.ts';
import { reason } from '../model/reason.ts';

const SCHEMA = 'response_format.json_schema.schema';
const name = 'a name of 1 to 64 letters, digits, _ and -';

const schema = z.unknown().transform((value, context) => {
  try {
    return parseSchema(value, SCHEMA).plain;
  } catch (cause) {
    const message = reason(cause);
    // The message begins with the place in the schema that is at fault.
    const place = message.slice(SCHEMA.length + 1, message.indexOf(' must '));
    context.addIssue({ code: 'custom', message, path: place === '' ? [] : [place] });
    return z.NEVER;
  }
});

const format = z.discriminatedUnion(
  'type',
  [
    z.strictObject({ type: z.literal('text') }),
    z.strictObject({ type: z.literal('json_object') }),
    z.strictObject({
      type: z.literal('json_schema'),
      json_schema: z.strictObject(
        {
          name: z.string({ error: name }).regex(/^[\w-]{1,64}$/, { error: name }),
          description: z.string({ error: 'a string' }).nullish(),
          schema,
          // The text is held to the schema either way.
          strict: z.boolean({ error: 'true or false' }).nullish(),
        },
        { error: 'an object with name and schema' },
      ),
    }),
  ],
  { error: 'an object whose type is "text", "json_object" or "json_schema"' },
);

/** OpenAI's `response_format` as the library's. */
export const responseFormatField = format
  .transform((format): ResponseFormat => {
    if (format.type === 'text') return { type: 'text' };
    if (format.type === 'json_object') return { type: 'json' };
    return { type: 'json', schema: format.json_schema.schema };
  })
  .nullish();
