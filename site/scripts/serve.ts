/** Serves the built site, to this machine alone. */

import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".md": "text/markdown; charset=utf-8",
  ".txt": "text/plain; charset=utf-8",
  ".woff2": "font/woff2",
};

/** Serves a folder below a path, such as `/` or `/some/where/`. */
export function serve(folder: string, base = "/"): Server {
  return createServer((request, response) => {
    const [raw = "/", ...query] = (request.url ?? "/").split("?");
    let pathname: string;
    try {
      pathname = decodeURIComponent(raw);
    } catch {
      response.writeHead(400, { "content-type": "text/plain; charset=utf-8" }).end("malformed address");
      return;
    }
    // From a folder without its slash the relative links of its page would lead elsewhere.
    const redirect = (to: string): void => {
      const search = query.length === 0 ? "" : `?${query.join("?")}`;
      response.writeHead(301, { location: `${encodeURI(to)}${search}` }).end();
    };
    if (`${pathname}/` === base) return redirect(base);
    const inner = pathname.startsWith(base) ? normalize(`/${pathname.slice(base.length)}`) : undefined;
    let path = inner === undefined ? "" : join(folder, inner);
    if (inner !== undefined && existsSync(path) && statSync(path).isDirectory()) {
      if (!inner.endsWith("/")) return redirect(`${base}${inner.slice(1)}/`);
      path = join(path, "index.html");
    }
    if (path === "" || !existsSync(path)) {
      const missing = join(folder, "404.html");
      response.writeHead(404, { "content-type": "text/html; charset=utf-8" });
      if (existsSync(missing)) createReadStream(missing).pipe(response);
      else response.end("not found");
      return;
    }
    response.writeHead(200, { "content-type": types[extname(path)] ?? "application/octet-stream" });
    createReadStream(path).pipe(response);
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const port = Number(process.env["PORT"] ?? 4173);
  const server = serve(fileURLToPath(new URL("../.vitepress/dist", import.meta.url)));
  server.listen(port, "127.0.0.1", () => console.log(`http://127.0.0.1:${port}/`));
}
