import { v7 } from 'uuid';

/** A new time-ordered id (UUIDv7). Made by the application, so that a shard never has to ask for one. */
export const newId = <T extends string>(): T => v7() as T;

/** When an id of ours was made, in milliseconds: its first 48 bits. */
export const timeOf = (id: string): Instant => Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);

/** Milliseconds since 1970 UTC: how instants travel everywhere outside SQL. */
export type Instant = number;

/** For a timestamptz parameter. */
export const toDate = (at: Instant): Date => new Date(at);

export type TenantId = string & { readonly brand: 'TenantId' };
export type UserId = string & { readonly brand: 'UserId' };
