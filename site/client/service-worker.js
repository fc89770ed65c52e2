// Keeps the site for when there is no network: what was built is listed below, and is loaded once.
const version = "__VERSION__";
const files = __FILES__;
const cacheName = `gocsp-${version}`;

self.addEventListener("install", (event) => {
  event.waitUntil(
    (async () => {
      const cache = await caches.open(cacheName);
      // One that cannot be loaded now is loaded when it is needed.
      await Promise.allSettled(files.map((file) => cache.add(new Request(file, { cache: "no-cache" }))));
      await self.skipWaiting();
    })(),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) {
        if (name.startsWith("gocsp-") && name !== cacheName) await caches.delete(name);
      }
      await self.clients.claim();
    })(),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  event.respondWith(
    (async () => {
      const cache = await caches.open(cacheName);
      // A folder's page has two addresses.
      const name = url.pathname.endsWith("/")
        ? `${url.origin}${url.pathname}index.html`
        : `${url.origin}${url.pathname}`;
      const kept = await cache.match(name);
      if (kept !== undefined) return kept;
      const response = await fetch(request);
      if (response.ok) await cache.put(name, response.clone());
      return response;
    })(),
  );
});
