// Conway's game of life without a board: each of the 64 cells is a goroutine that talks to its eight neighbors by
// channels only. In every generation a cell sends its state to its neighbors, receives theirs, and decides.
import { type Chan, chan, go, main, type SendChan } from "gocsp";

const [size, generations] = [8, 4];

// oxfmt-ignore
const directions = [[-1, -1], [-1, 0], [-1, 1], [0, -1], [0, 1], [1, -1], [1, 0], [1, 1]] as const;

type Neighborhood = { to: Chan<boolean>[]; from: Chan<boolean>[] };

const cell = async (alive: boolean, near: Neighborhood, report: SendChan<boolean>) => {
  for (let i = 0; i < generations; i++) {
    await report.send(alive);
    for (const neighbor of near.to) await neighbor.send(alive);
    let count = 0;
    for (const neighbor of near.from) {
      if (await neighbor.receive()) count++;
    }
    alive = count === 3 || (alive && count === 2);
  }
};

const board = <T>(make: () => T): T[][] => Array.from({ length: size }, () => Array.from({ length: size }, make));

main(async () => {
  const start = [".#......", "..#.....", "###.....", "........", "........", ".....#..", ".....#..", ".....#.."];

  // One channel with one place for every pair of neighbors and direction; the board is round at its edges.
  const cells = board((): Neighborhood => ({ to: [], from: [] }));
  const reports = board(() => chan<boolean>());
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      for (const [dy, dx] of directions) {
        const ch = chan<boolean>(1);
        cells[y]![x]!.to.push(ch);
        cells[(y + dy + size) % size]![(x + dx + size) % size]!.from.push(ch);
      }
    }
  }
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) go(cell, start[y]![x] === "#", cells[y]![x]!, reports[y]![x]!);
  }

  for (let generation = 0; generation < generations; generation++) {
    console.log("generation", generation);
    for (const row of reports) {
      let line = "";
      for (const report of row) line += (await report.receive()) ? "#" : ".";
      console.log(line);
    }
  }
});
