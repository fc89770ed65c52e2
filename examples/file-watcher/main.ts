// Watches a folder: changes come over a channel that drops the excess, and are gathered until there are none for a
// while, as in a build tool. Go's library has no watcher, so its program polls; Node's library has one.
import { chan, context, type Context, defer, go, main, type ReceiveChan, select, time } from "gocsp";
import * as events from "gocsp/events";
import { type FSWatcher, mkdtempSync, rmSync, watch as watchFolder, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const quiet = 100 * time.millisecond;

main(async () => {
  const dir = mkdtempSync(join(tmpdir(), "file-watcher-"));
  using _ = defer(() => rmSync(dir, { recursive: true }));
  const [ctx, stop] = context.withCancel(context.background());
  using _1 = stop;

  const changes = watch(ctx, dir);
  const builds = gather(changes);
  const write = (name: string, text: string) => {
    writeFileSync(join(dir, name), text);
  };

  write("a.txt", "1");
  write("b.txt", "1");
  write("a.txt", "two");
  console.log("build for", await builds.receive());

  write("c.txt", "1");
  console.log("build for", await builds.receive());

  for (let i = 0; i < 100; i++) {
    write("b.txt", "x".repeat(i + 2));
  }
  console.log("build for", await builds.receive());

  stop();
  const [, ok] = await builds.receiveOk();
  console.log("the watcher has ended:", !ok);
});

// watch sends the names of files that change, until ctx ends.
function watch(ctx: Context, dir: string): ReceiveChan<string> {
  const watcher: FSWatcher = watchFolder(dir);
  context.afterFunc(ctx, () => watcher.close());
  const map = (_type: string, name: string) => name;
  return events.receive<string>(ctx, watcher, "change", { capacity: 16, map });
}

// gather sends the names of the files that have changed, when there has been no change for a while.
function gather(changes: ReceiveChan<string>): ReceiveChan<string> {
  const builds = chan<string>();
  go(async () => {
    using _ = defer(() => builds.close());
    const changed = new Set<string>();
    let pause: ReceiveChan<Date> | undefined;
    for (;;) {
      const op = await select({ change: changes, pause });
      switch (op.case) {
        case "change":
          if (!op.ok) return;
          changed.add(op.value);
          pause = time.after(quiet);
          break;
        case "pause":
          await builds.send([...changed].sort().join(", "));
          changed.clear();
          pause = undefined;
      }
    }
  });
  return builds;
}
