/**
 * A NATS server of the test's own, on loopback, on a free port, with a data folder in the temporary folder.
 * `GOCSP_NATS_SERVER` names the program; otherwise it is `nats-server` in the path, or what `node scripts/nats-server.ts` has built.
 */

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { built } from "../../scripts/nats-server.ts";

const program = [process.env["GOCSP_NATS_SERVER"] ?? "nats-server", built].find(isThere);

function isThere(path: string): boolean {
  if (path.includes("/") && !existsSync(path)) return false;
  const { status, stdout } = spawnSync(path, ["--version"], { encoding: "utf8" });
  // Earlier ones have no schedules.
  const [, major, minor] = /v(\d+)\.(\d+)/.exec(stdout ?? "") ?? [];
  return status === 0 && (Number(major) > 2 || Number(minor) >= 14);
}

/** Why tests that need NATS are skipped, if they are. */
export const noNats: string | undefined =
  program === undefined
    ? "nats-server 2.14 or later is not installed: its tests are skipped (node scripts/nats-server.ts builds one)"
    : undefined;
if (noNats !== undefined) console.log(noNats);

/** A server that runs. */
export interface NatsServer {
  readonly url: string;
  readonly port: number;
  /** Where it tells about itself, if its configuration says so. */
  readonly monitor: string;
  /** Ends it with SIGKILL. */
  kill(): Promise<void>;
  /** Starts it again after `kill`, on the same port and data. */
  restart(): Promise<void>;
  /** Stops it where it is, or lets it go on. */
  freeze(frozen: boolean): void;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

/** Starts a server with JetStream; `settings` are more lines of its configuration. */
export async function startNats(settings = ""): Promise<NatsServer> {
  const folder = mkdtempSync(join(tmpdir(), "gocsp-nats-"));
  let port = -1;
  let monitor = "";
  let child: ChildProcess;
  const remove = (): void => {
    child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  };
  const start = async (): Promise<void> => {
    const config = join(folder, "nats.conf");
    writeFileSync(config, settings);
    const args = [
      "-a",
      "127.0.0.1",
      "-p",
      String(port),
      "-js",
      "-sd",
      folder,
      "--ports_file_dir",
      folder,
      "-c",
      config,
    ];
    child = spawn(program as string, args, { stdio: "ignore" });
    const ports = join(folder, `nats-server_${child.pid}.ports`);
    while (!existsSync(ports) || readFileSync(ports, "utf8") === "") {
      if (child.exitCode !== null) throw new Error(`nats-server does not start: ${child.exitCode}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const said = JSON.parse(readFileSync(ports, "utf8")) as { nats: string[]; monitoring?: string[] };
    const { nats } = said;
    monitor = said.monitoring?.[0] ?? "";
    port = Number(new URL(nats[0] as string).port);
  };
  process.once("exit", remove);
  await start();
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, "exit");
    child.kill("SIGKILL");
    await exited;
  };
  return {
    url: `nats://127.0.0.1:${port}`,
    port,
    monitor,
    kill,
    restart: start,
    freeze: (frozen) => void child.kill(frozen ? "SIGSTOP" : "SIGCONT"),
    stop: async () => {
      await kill();
      process.removeListener("exit", remove);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
