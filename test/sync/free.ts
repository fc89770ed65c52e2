import type { RWMutex } from "gocsp/sync";

/** What tryLock and tryRLock return now; leaves the lock unchanged. */
export function free(mu: RWMutex): string {
  const write = mu.tryLock();
  if (write) mu.unlock();
  const read = mu.tryRLock();
  if (read) mu.rUnlock();
  return write ? (read ? "free" : "for writers only?") : read ? "for readers" : "no";
}
