// The plot of scale.ts: nanoseconds per operation over n, both logarithmic. Flat lines are the goal; Go's are dashed.

export interface Line {
  readonly what: string;
  /** Nanoseconds per operation, for each n. */
  readonly times: readonly number[];
  /** The same in Go; undefined where there is no Go. */
  readonly go: readonly number[] | undefined;
}

const left = 72;
const top = 20;
const width = 460;
const height = 300;
const colours = ["#0969da", "#cf222e", "#1a7f37", "#8250df", "#bc4c00", "#57606a", "#bf3989"];
const decades = [10, 100, 1000, 10_000];
const dashed = `stroke-dasharray="5 4"`;

export function scalePlot(sizes: readonly number[], lines: readonly Line[]): string {
  const largest = sizes.at(-1) ?? 10;
  const x = (n: number): number => Math.round(left + (Math.log10(n / 10) / Math.log10(largest / 10)) * width);
  const y = (time: number): number => {
    const share = Math.log10(Math.min(Math.max(time, 10), 10_000) / 10) / 3;
    return Math.round(top + (1 - share) * height);
  };
  const path = (times: readonly number[], stroke: string): string => {
    const points = times.map((time, j) => `${x(sizes[j] ?? 10)},${y(time)}`).join(" ");
    return `<polyline points="${points}" fill="none" stroke-width="2" ${stroke}/>`;
  };
  const legend = (entry: number, stroke: string, text: string): string => {
    const from = left + width + 14;
    const at = top + 16 + entry * 20;
    const sample = `<line x1="${from}" y1="${at - 4}" x2="${from + 22}" y2="${at - 4}" stroke-width="2" ${stroke}/>`;
    return `${sample}<text x="${from + 30}" y="${at}">${text}</text>`;
  };
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 900 ${top + height + 50}" font-family="sans-serif" font-size="12">`,
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    ...decades.map((time) => {
      const grid = `<line x1="${left}" y1="${y(time)}" x2="${left + width}" y2="${y(time)}" stroke="#eaeef2"/>`;
      return `${grid}<text x="${left - 8}" y="${y(time) + 4}" text-anchor="end">${time} ns</text>`;
    }),
    ...sizes.map(
      (n) => `<text x="${x(n)}" y="${top + height + 20}" text-anchor="middle">${n.toLocaleString("en-US")}</text>`,
    ),
    ...lines.flatMap(({ what, times, go }, i) => {
      const stroke = `stroke="${colours[i % colours.length] ?? "#000000"}"`;
      return [
        path(times, stroke),
        ...(go === undefined ? [] : [path(go, `${stroke} ${dashed}`)]),
        legend(i, stroke, what),
      ];
    }),
    ...(lines.some(({ go }) => go !== undefined)
      ? [legend(lines.length + 1, `stroke="#57606a" ${dashed}`, "dashed: the same in Go")]
      : []),
    "</svg>",
  ];
  return `${parts.join("\n")}\n`;
}
