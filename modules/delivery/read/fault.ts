import type { HeadingMatch } from '../heading.rules.ts';
import { type DeliveryError, type DeliveryErrorCode, deliveryError, type Place } from '../rules.ts';

/**
 * Carries a DeliveryError out of nested streams to the front door, which turns it back into a value.
 * A class because only an Error passes through `for await` and stream pipelines unchanged.
 */
export class DeliveryFault extends Error {
  readonly error: DeliveryError;
  /** What a sheet was headed by in which no candidate number was found: the clerk may say what they mean. */
  readonly headings: readonly HeadingMatch[];

  constructor(error: DeliveryError, headings: readonly HeadingMatch[] = []) {
    super(`${error.code}: ${error.message}`);
    this.name = 'DeliveryFault';
    this.error = error;
    this.headings = headings;
  }
}

/** Stops the reading of the whole delivery. `what` is a Chinese clause with the figures compared. */
export function refuse(code: DeliveryErrorCode, place: Place, what: string): never {
  throw new DeliveryFault(deliveryError(code, place, what));
}
