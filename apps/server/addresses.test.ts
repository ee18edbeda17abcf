import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import type { Endpoint } from '#platform/http/endpoint';
import { makeWorld } from '#platform/testing/app';
import { serveAll } from './testing/whole-server.ts';

/**
 * ASVS 14.2.1, law.md R30: an address lies in the history of the browser and in the log of every proxy on the way, so it says
 * ids, codes, dates and figures. What people type (names, numbers) goes into the body of a route that `searches`.
 */

let endpoints: readonly Endpoint[];
let close: () => Promise<void>;
beforeAll(async () => {
  const world = await makeWorld();
  const server = await serveAll(world);
  ({ endpoints } = server);
  close = async () => {
    await server.close();
    await world.close();
  };
});
afterAll(() => close());

/** Free text of an address that somebody has looked at, and why nobody's name or number can stand in it. */
const REVIEWED: Readonly<Record<string, string>> = {
  'GET /assignment-runs cursor': 'id of a run',
  'GET /assignment-runs sort': 'name of a column',
  'GET /assignments/cases sort': 'name of a column',
  'GET /escalations cursor': 'due time and id',
  'GET /decisions cursor': 'due time and id',
  'GET /rounds/cases cursor': 'due time and id',
  'GET /follow-up/candidates/:candidateId/contacts before': 'time of a contact',
  'GET /imports cursor': 'id of an import',
  'GET /imports/:id/changes cursor': 'id of a candidate',
  'GET /imports/:id/findings code': 'code of a finding',
  'GET /imports/:id/findings cursor': 'number of a finding',
  'GET /notices unread': 'yes or no',
  'GET /wrongful-withdrawals cursor': 'state, time and id of a report',
  'POST /staff/skills/:code/void code': 'code of a skill',
};

type Json = Readonly<Record<string, unknown>>;

/** A text with neither a list of values, a format nor a pattern: whatever somebody types. */
function isFree(schema: Json): boolean {
  const choices = [schema.anyOf, schema.oneOf].flatMap((given) => (Array.isArray(given) ? given : []));
  if (choices.length > 0) return choices.some((one) => isFree(one as Json));
  if (schema.type === 'array') return isFree((schema.items ?? {}) as Json);
  if (schema.enum || schema.const !== undefined || schema.format || schema.pattern) return false;
  return !['number', 'integer', 'boolean'].includes(String(schema.type));
}

const fieldsOf = (schema: z.ZodObject | undefined): [name: string, schema: Json][] =>
  schema
    ? Object.entries(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }).properties ?? {}).map(
        ([name, field]) => [name, field as Json],
      )
    : [];

test('no address takes free text, but for what was looked at', () => {
  const free = endpoints.flatMap(({ route }) =>
    [...fieldsOf(route.query), ...fieldsOf(route.params)]
      .filter(([, schema]) => isFree(schema))
      .map(([name]) => `${route.method} ${route.path} ${name}`),
  );
  expect(free.filter((field) => !(field in REVIEWED))).toEqual([]);
  expect(Object.keys(REVIEWED).filter((field) => !free.includes(field))).toEqual([]);
});

test('what searches is a POST with a body and no query, so that the words have no other way', () => {
  const searches = endpoints.filter(({ route }) => route.searches).map(({ route }) => route);
  expect(searches.length).toBeGreaterThan(5);
  expect(searches.filter(({ method, body, query }) => method !== 'POST' || !body || query)).toEqual([]);
});
