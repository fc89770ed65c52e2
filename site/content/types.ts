/**
 * What the site has to know about a page beside its text. A program that is added to `examples/` appears on the site by one
 * entry in patterns.ts, chapters.ts or levels.ts. FORMAT.md says where the texts and the programs are.
 */

/** How a run can fail, with the names of `gocsp/explore`. */
export type Failure = "deadlock" | "leak" | "panic" | "livelock";

/** What must be true of a program under every schedule, beside that it does not fail. */
export interface Check {
  /** What it prints, line by line. What it prints does not matter if it is left out. */
  readonly output?: readonly string[];
  /** Whether the lines may come in any order. */
  readonly sorted?: boolean;
  /** How many milliseconds of virtual time it takes at most. */
  readonly within?: number;
  /** Whether time may pass although somebody could go on, as on a slow machine. */
  readonly slow?: boolean;
  /** Whether all its schedules can be looked at; otherwise how many are. */
  readonly explored: "all" | number;
}

/** A program that is broken, and how. */
export interface Twin {
  /** The file in the pattern's folder: `twin.ts` if it is left out. */
  readonly file?: string;
  /** What the page calls the fault: a goroutine that is left, an update that is lost. */
  readonly title: string;
  readonly fails: Failure;
  /** What the message of the failure contains. */
  readonly says?: string;
  /** Whether it fails only if time may pass although somebody could go on. */
  readonly slow?: boolean;
}

/** A page of patterns/: `patterns/NAME.md`, and the programs in `examples/NAME`. */
export interface Pattern {
  readonly name: string;
  readonly title: string;
  /** One sentence for lists and search. */
  readonly summary: string;
  readonly group: "First steps" | "Channels" | "Pipelines and pools" | "Time" | "Contexts" | "Locks" | "Services";
  /** Whether main.ts needs what a page has not got, so that only its text and output are shown. */
  readonly staticOnly?: boolean;
  readonly twin: Twin;
  /** The file with the repair: `main.ts` if it is left out. */
  readonly repair?: string;
  /** What is proved of the repair. */
  readonly proof: Check;
  /** The views that are open at first. Lanes and channels if they are left out. */
  readonly views?: readonly View[];
}

export type View = "lanes" | "channels" | "contexts" | "waits" | "console" | "transcript";

/** A chapter of the tour: `tour/NAME.md`, and the programs in `examples/lessons/NAME`. */
export interface Chapter {
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  /** The living program: `main.ts` of the lesson's folder, or this path below `examples/`, such as `fan-in/main.ts`. */
  readonly program?: string;
  /** One sentence: what to do with task.ts. */
  readonly task: string;
  /** What holds for solution.ts, and is proved of what the learner writes. It does not hold for task.ts. */
  readonly check: Check;
  readonly views?: readonly View[];
}

/** A level: `levels/NAME.md`, and the programs in `examples/levels/NAME`. */
export interface Level {
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  /** What one has understood who has solved it. */
  readonly teaches: string;
  readonly difficulty: 1 | 2 | 3;
  /** What the player has to make start.ts do, as a sentence in the imperative. */
  readonly goal: string;
  /** How the site sees that it is reached. */
  readonly reached: {
    /** The run ends in this way; `returned`: without a failure. */
    readonly kind: Failure | "returned";
    /** The message of the failure contains this. */
    readonly says?: string;
    /** What was printed contains this line. */
    readonly prints?: string;
  };
  /** Whether time is a choice of the player's. */
  readonly slow?: boolean;
  /** What holds for solution.ts, and is proved of the player's repair. It does not hold for start.ts. */
  readonly check: Check;
  readonly views?: readonly View[];
}
