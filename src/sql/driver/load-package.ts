/**
 * Loads a package that the user has to install beside gocsp.
 *
 * @throws Error `gocsp/sql/postgres needs the package pg: run npm install pg`, with what the loader said as its cause
 *
 * @example
 * ```ts
 * const pg = await driver.loadPackage("gocsp/sql/postgres", "pg", () => import("pg"));
 * ```
 */
export async function loadPackage<M>(user: string, name: string, load: () => Promise<M>): Promise<M> {
  try {
    return await load();
  } catch (error) {
    const { code, message } = error as { code?: unknown; message?: unknown };
    const missing =
      code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND" || /cannot find/i.test(String(message));
    if (!missing) throw error;
    throw new Error(`${user} needs the package ${name}: run npm install ${name}`, { cause: error });
  }
}
