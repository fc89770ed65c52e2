// Keeps the site for when there is no network: what was built is listed below, and is loaded once.
const version = "__VERSION__";
const files = __FILES__;
// Other copies of the site may be at other paths of the same host: each has its own.
const scope = new URL(self.registration.scope).pathname;
const prefix = `gocsp:${encodeURIComponent(scope)}:`;
const cacheName = prefix + version;

/** Keeps an answer. One that came by a redirect may not answer for a page: it is made anew, without its history. */
async function keep(cache, name, response) {
  await cache.put(
    name,
    response.redirected ? new Response(await response.blob(), { headers: response.headers }) : response,
  );
}

self.addEventListener("install", (event) => {
  event.waitUntil(
    (async () => {
      const cache = await caches.open(cacheName);
      // One that cannot be loaded now is loaded when it is needed.
      await Promise.allSettled(
        files.map(async (file) => {
          const response = await fetch(file, { cache: "no-cache" });
          if (response.ok) await keep(cache, new URL(file, self.location).href, response);
        }),
      );
      await self.skipWaiting();
    })(),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) {
        if (name.startsWith(prefix) && name !== cacheName) await caches.delete(name);
      }
      await self.clients.claim();
    })(),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin || !url.pathname.startsWith(scope)) return;
  event.respondWith(
    (async () => {
      const cache = await caches.open(cacheName);
      // A folder's page has two addresses.
      const name = url.pathname.endsWith("/")
        ? `${url.origin}${url.pathname}index.html`
        : `${url.origin}${url.pathname}`;
      const kept = await cache.match(name);
      if (kept !== undefined) return kept;
      // The browser's own store may hold one of an older build.
      const response = await fetch(request, { cache: "no-cache" });
      if (response.ok) await keep(cache, name, response.clone());
      return response;
    })(),
  );
});
