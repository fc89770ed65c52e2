/**
 * External commands that really stop. Mirrors Go's `os/exec` on `node:child_process`.
 *
 * A command is a program and its arguments; there is no shell in between unless you run one. When the context of a
 * command ends, its process and all its descendants are ended.
 *
 * That is tested on Linux, where descendants are found also in other groups and sessions. On macOS and the BSDs the process
 * group is reached, on Windows what `taskkill /t` finds, and neither is tested: docs/streams.md has a table.
 *
 * @module
 */

export { Cmd, command, commandContext } from "./cmd.ts";
export type { File, Input, Output } from "./copy.ts";
export { errDot, Error, errNotFound, errProcessDone, errWaitDelay, ExitError } from "./errors.ts";
export { lookPath } from "./lookpath.ts";
export type { Process, ProcessState } from "./process.ts";
