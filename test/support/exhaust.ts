import { chan } from "gocsp";

/** Uses up the time that goroutines may take from the event loop: what resumes now waits for its next turn. */
export function exhaust(): void {
  const busy = chan<number>(1);
  const until = performance.now() + 2.5;
  while (performance.now() < until) {
    busy.trySend(1);
    busy.tryReceive();
  }
}
