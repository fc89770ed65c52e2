import type { RWMutex } from "gocsp/sync";

/** What tryLock and tryRLock say now; they leave the lock as it is. */
export function free(mu: RWMutex): string {
  const write = mu.tryLock();
  if (write) mu.unlock();
  const read = mu.tryRLock();
  if (read) mu.rUnlock();
  return write ? (read ? "free" : "for writers only?") : read ? "for readers" : "no";
}
