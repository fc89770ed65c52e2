/**
 * Ends commands that still run when this program ends, however it ends. A listener for the process's exit is not called
 * when a signal ends the process. So the first command starts a shell that waits for the end of a pipe, which the
 * system closes in every case.
 */

import type { ProcessTree } from "./tree.ts";
import { type ChildProcess, spawn } from "node:child_process";

/** The commands that run, with the number of their group; undefined if they have no group of their own. */
const running = new Map<ProcessTree, number | undefined>();

/**
 * Reads lines "+ number" and "- number", and at the end kills the groups and sessions whose numbers are left. It
 * ignores the signals that a terminal sends to all processes.
 */
const script = `
trap '' INT TERM HUP QUIT PIPE
all=' '
while read -r what pid; do
  case $what in
    +) all="$all$pid " ;;
    -) all="\${all%% $pid *} \${all#* $pid }" ;;
  esac
done
for pid in $all; do
  kill -KILL -- -"$pid"
  passes=0
  empty=0
  while [ $empty -lt 2 ] && [ $passes -lt 100 ]; do
    passes=$((passes + 1))
    empty=$((empty + 1))
    for stat in /proc/[0-9]*/stat; do
      read -r line <"$stat" || continue
      number=\${line%% *}
      set -- \${line##*) }
      [ "$4" = "$pid" ] && [ "$1" != Z ] && kill -KILL "$number" && empty=0
    done
  done
done 2>/dev/null
`;

let watchdog: ChildProcess | undefined;
let listens = false;

/** Has a command killed if this program ends before {@link unwatch}. */
export function watch(tree: ProcessTree, pid: number, ownGroup: boolean): void {
  const group = ownGroup && process.platform !== "win32" ? pid : undefined;
  running.set(tree, group);
  if (!listens) {
    listens = true;
    process.on("exit", () => {
      for (const tree of running.keys()) tree.kill();
    });
  }
  if (group !== undefined) tell(`+ ${group}\n`);
}

/** Ends {@link watch}, after the command has ended. */
export function unwatch(tree: ProcessTree): void {
  const group = running.get(tree);
  running.delete(tree);
  if (group !== undefined) watchdog?.stdin?.write(`- ${group}\n`);
}

function tell(line: string): void {
  if (watchdog === undefined) {
    // A session of its own, which the signals of this program's terminal do not reach.
    const child = spawn("/bin/sh", ["-c", script], {
      stdio: ["pipe", "ignore", "ignore"],
      detached: true,
      cwd: "/",
      env: {},
    });
    watchdog = child;
    const gone = (): void => {
      // The shell was killed: the next command starts another one, which gets the numbers of all running commands.
      if (watchdog === child) watchdog = undefined;
    };
    child.once("error", gone).once("exit", gone);
    child.stdin.on("error", gone);
    child.unref();
    (child.stdin as unknown as { unref?(): void }).unref?.();
    for (const group of running.values()) if (group !== undefined) child.stdin.write(`+ ${group}\n`);
    return;
  }
  watchdog.stdin?.write(line);
}
