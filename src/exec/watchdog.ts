/**
 * Ends commands that still run when this program ends, however it ends. A listener on the process's exit is called
 * neither when a signal kills it nor when it is killed. So the first command starts a shell that waits for the end of a
 * pipe, which the system closes in every case.
 */

import type { ProcessTree } from "./tree.ts";
import { type ChildProcess, spawn } from "node:child_process";

/** The commands that run, with the number that the watchdog knows them by; undefined if they have no group of their own. */
const running = new Map<ProcessTree, number | undefined>();

/**
 * Reads lines "+ number" and "- number". Those of the numbers that are left in the end are groups, and sessions, to kill.
 * It ignores what the terminal sends to all.
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
  for stat in /proc/[0-9]*/stat; do
    read -r line <"$stat" || continue
    number=\${line%% *}
    set -- \${line##*) }
    [ "$4" = "$pid" ] && kill -KILL "$number"
  done
done 2>/dev/null
`;

let watchdog: ChildProcess | undefined;
let listens = false;

/** A command begins: it is killed if this program ends before {@link unwatch}. */
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

/** A command has ended. */
export function unwatch(tree: ProcessTree): void {
  const group = running.get(tree);
  running.delete(tree);
  if (group !== undefined) watchdog?.stdin?.write(`- ${group}\n`);
}

function tell(line: string): void {
  if (watchdog === undefined) {
    // A session of its own: what a terminal sends to this program must not reach it.
    const child = spawn("/bin/sh", ["-c", script], {
      stdio: ["pipe", "ignore", "ignore"],
      detached: true,
      cwd: "/",
      env: {},
    });
    watchdog = child;
    const gone = (): void => {
      // Somebody has killed it: the next command starts another one, which learns of those that run.
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
