import { expect } from "vitest";

/** One goroutine of a deadlock report. */
export interface Reported {
  id: number;
  state: string;
  /** The user's frames, innermost first, as "function place". */
  frames: string[];
  /** The place of its `go`. */
  started: string | undefined;
}

const title = "fatal error: all goroutines are asleep - deadlock!\n\n";

/** Takes a deadlock report apart, and fails if it is not well formed. */
export function goroutines(stderr: string): Reported[] {
  const begin = stderr.indexOf(title);
  expect(begin, stderr).toBeGreaterThanOrEqual(0);
  const paragraphs = stderr
    .slice(begin + title.length)
    .trimEnd()
    .split("\n\n");
  return paragraphs.filter((text) => !text.startsWith("... and ")).map(parse);
}

function parse(paragraph: string): Reported {
  const [head, ...lines] = paragraph.split("\n") as [string, ...string[]];
  const match = /^goroutine (\d+) \[(.+)\]:$/.exec(head);
  expect(match, paragraph).not.toBeNull();
  const reported: Reported = { id: Number(match?.[1]), state: match?.[2] ?? "", frames: [], started: undefined };
  for (let i = 0; i < lines.length; i += 2) {
    const [name, at] = [lines[i] as string, lines[i + 1]?.replace(/^\t/, "")];
    if (name.startsWith("created by ")) reported.started = at;
    else reported.frames.push(`${name.replace(/\(\.\.\.\)$/, "")} ${at}`);
  }
  return reported;
}
