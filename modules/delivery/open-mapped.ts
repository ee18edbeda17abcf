import { type Caller, type Env, withTenant } from '#platform/db/tenant';
import { type HeadingMapping, sourceOf } from './heading.rules.ts';
import { readMapping } from './import.store.ts';
import { DeliveryFault } from './read/fault.ts';
import { type Delivery, openGiven } from './read/open.ts';
import type { ByteSource } from './read/source.ts';

export interface OpenedDelivery {
  readonly delivery: Delivery;
  /** Whose word the columns of a sheet were read by: named now, as the clerk named them before, or proposed from their headings. */
  readonly mapping: 'given' | 'remembered' | 'proposed';
}

/** A path, or the bytes of one table or text. With the mapping given, else the one remembered for the same headings. Throws DeliveryFault. Close the delivery when done. */
export async function openMapped(
  place: { readonly env: Env; readonly caller: Caller },
  given: ByteSource | string,
  asked: { readonly year: number; readonly mapping: HeadingMapping | null },
): Promise<OpenedDelivery> {
  if (asked.mapping) {
    return { delivery: await openGiven(given, { mapping: asked.mapping }), mapping: 'given' };
  }
  const delivery = await openGiven(given, {}).catch((error: unknown) => {
    if (error instanceof DeliveryFault && error.headings.length > 0) return error;
    throw error;
  });
  const unread = delivery instanceof DeliveryFault;
  const headings = unread ? delivery.headings : delivery.tables.flatMap((table) => table.headings ?? []);
  const mapping =
    headings.length === 0
      ? null
      : await withTenant(place.env, place.caller, (ctx) =>
          readMapping(ctx, { year: asked.year, source: sourceOf(headings) }),
        );
  if (mapping) {
    if (!unread) delivery.close();
    return { delivery: await openGiven(given, { mapping }), mapping: 'remembered' };
  }
  if (unread) throw delivery;
  return { delivery, mapping: 'proposed' };
}
