import { MemoryStore } from "./memory.ts";
import type { Place } from "./tasks.ts";
import { FileStore, type Store } from "./store.ts";

/** Opens the files at a place; `isAlone` as {@link FileStore} takes it. */
export function placeStore(place: Place, isAlone?: () => boolean): Store {
  return place.kind === "memory" ? new MemoryStore(place.parts) : new FileStore(place.path, place.fd, isAlone);
}
