// The server of the built site, asked as a browser asks it, and by those who ask wrongly.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { serve } from "../../site/scripts/serve.ts";

const folder = mkdtempSync(join(tmpdir(), "gocsp-serve-"));
const servers: Server[] = [];

async function at(base: string): Promise<string> {
  const server = serve(folder, base);
  servers.push(server);
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

beforeAll(() => {
  mkdirSync(join(folder, "guides"));
  writeFileSync(join(folder, "index.html"), "root");
  writeFileSync(join(folder, "guides", "index.html"), "guides");
  writeFileSync(join(folder, "404.html"), "missing");
});

afterAll(async () => {
  for (const server of servers) {
    server.closeAllConnections();
    await new Promise((resolve) => void server.close(resolve));
  }
  rmSync(folder, { recursive: true });
});

test.each([
  ["/some/where/", 200, "root"],
  ["/some/where/guides/", 200, "guides"],
  ["/some/where/guides/index.html", 200, "guides"],
  ["/some/where/nothing", 404, "missing"],
  ["/elsewhere", 404, "missing"],
  ["/some/where/%zz", 400, "malformed address"],
  ["/some/where/%00", 404, "missing"],
])("%s is answered with %d", async (path, status, body) => {
  const response = await fetch((await at("/some/where/")) + path);
  expect([response.status, await response.text()]).toEqual([status, body]);
});

test.each([
  ["/some/where/", "/some/where", "/some/where/"],
  ["/some/where/", "/some/where/guides", "/some/where/guides/"],
  ["/some/where/", "/some/where/guides?a=1?", "/some/where/guides/?a=1?"],
  ["/", "/guides", "/guides/"],
  // Two slashes in front would be the name of another host.
  ["/", "//guides", "/guides/"],
])("below %s a folder without its slash, %s, leads to %s", async (base, path, location) => {
  const response = await fetch((await at(base)) + path, { redirect: "manual" });
  await response.text();
  expect([response.status, response.headers.get("location")]).toEqual([301, location]);
});
