import { type Context, withTimeout } from "../../context/context.ts";
import { endOf } from "./end.ts";

/**
 * Connects within `limit` milliseconds, if that is not 0; the context may end earlier.
 *
 * @throws what `late` makes of the driver's error if the limit was what ended it
 */
export async function withinConnectTimeout<T>(
  ctx: Context,
  limit: number,
  connect: (ctx: Context) => Promise<T>,
  late: (reason: unknown) => Error,
): Promise<T> {
  if (limit === 0) return connect(ctx);
  const [limited, cancel] = withTimeout(ctx, limit);
  try {
    return await connect(limited);
  } catch (error) {
    throw endOf(ctx) === undefined && endOf(limited) !== undefined ? late(error) : error;
  } finally {
    cancel();
  }
}
