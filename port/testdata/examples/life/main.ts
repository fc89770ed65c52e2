// Conway's game of life without a board: each of the 64 cells is a goroutine that talks to its eight neighbors by
// channels only. In every generation a cell tells its neighbors how it is, hears how they are, and decides.
import { type Chan, chan, go, main, nilChan, type SendChan } from "gocsp";
import { at, byteAt } from "gocsp/golib";

const size = 8;
const generations = 4;

const directions = [[-1, -1], [-1, 0], [-1, 1], [0, -1], [0, 1], [1, -1], [1, 0], [1, 1]];

class Neighborhood {
  to: Chan<boolean>[] = Array.from({ length: 8 }, (): Chan<boolean> => nilChan());
  from: Chan<boolean>[] = Array.from({ length: 8 }, (): Chan<boolean> => nilChan());

  constructor(init?: Partial<Neighborhood>) {
    Object.assign(this, init);
  }

  /** A copy, as an assignment makes it in Go. */
  clone(): Neighborhood {
    return new Neighborhood({ ...this, to: this.to.slice(), from: this.from.slice() });
  }
}

async function cell(alive: boolean, near: Neighborhood, report: SendChan<boolean>): Promise<void> {
  for (let i = 0; i < generations; i++) {
    await report.send(alive);
    for (const neighbor of near.to) {
      await neighbor.send(alive);
    }
    let count = 0;
    for (const neighbor of near.from) {
      if ((await neighbor.receive()) ?? false) {
        count++;
      }
    }
    alive = count === 3 || alive && count === 2;
  }
}

main(async () => {
  const start = [
    ".#......",
    "..#.....",
    "###.....",
    "........",
    "........",
    ".....#..",
    ".....#..",
    ".....#..",
  ];

  // One channel with one place for every pair of neighbors and direction; the board is round at its edges.
  const cells: Neighborhood[][] = Array.from({ length: 8 }, () => Array.from({ length: 8 }, () => new Neighborhood()));
  const reports: Chan<boolean>[][] = Array.from({ length: 8 }, () => Array.from({ length: 8 }, (): Chan<boolean> => nilChan()));
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      for (const [i, d] of directions.entries()) {
        const ch = chan<boolean>(1);
        cells[y]![x]!.to[i] = ch;
        at(at(cells, (y + d[0]! + size) % size), (x + d[1]! + size) % size).from[i] = ch;
      }
    }
  }
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      reports[y]![x] = chan<boolean>();
      go(cell, byteAt(start[y]!, x) === 35 /* '#' */, cells[y]![x]!.clone(), reports[y]![x]!);
    }
  }

  for (let generation = 0; generation < generations; generation++) {
    console.log("generation", generation);
    for (let y = 0; y < size; y++) {
      let row = "";
      for (let x = 0; x < size; x++) {
        if ((await reports[y]![x]!.receive()) ?? false) {
          row += "#";
        } else {
          row += ".";
        }
      }
      console.log(row);
    }
  }
});
