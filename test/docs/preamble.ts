/**
 * Names that the examples in the docs assume, for the compiler alone. Examples that use
 * one of them are type-checked and not run.
 */

import type { createServer as makeServer, IncomingMessage, ServerResponse } from "node:http";
import type { Express } from "express";
import type { Chan, Context, Selector, SendCase, sync, time } from "gocsp";
import type * as errgroup from "gocsp/errgroup";
import type * as http from "gocsp/http";
import type * as rate from "gocsp/rate";
import type * as semaphore from "gocsp/semaphore";
import type * as signal from "gocsp/signal";
import type * as singleflight from "gocsp/singleflight";
import type * as sql from "gocsp/sql";
import type * as topic from "gocsp/topic";

export interface Job {
  readonly id: number;
}

interface Session {
  readonly expired: boolean;
}

export interface User {
  readonly id: number;
}

export declare const ctx: Context;
export declare const parent: Context;
export declare const closing: Date;

export declare const ch: Chan<number>;
export declare const numbers: Chan<number>;
export declare const results: Chan<number>;
export declare const messages: Chan<string>;
export declare const answer: Chan<string>;
export declare const jobs: Chan<Job>;
export declare const signals: Chan<signal.Signal>;
export declare const turn: Selector<{ message: Chan<string>; sent: SendCase<number> }>;

export declare const debounce: time.Timer;
export declare const ticker: time.Ticker;

export declare const mu: sync.Mutex;
export declare const rw: sync.RWMutex;
export declare const wg: sync.WaitGroup;
export declare const notEmpty: sync.Cond;
export declare const closed: sync.Cond;
export declare const setup: sync.Once;
export declare const sessions: sync.Map<number, Session>;
export declare const buffers: sync.Pool<Uint8Array>;
export declare const group: errgroup.Group;
export declare const memory: semaphore.Weighted;
export declare const users: singleflight.Group<User, number>;
export declare const limiter: rate.Limiter;
export declare const reservation: rate.Reservation;

export declare const app: Express;
export declare const createServer: typeof makeServer;
export declare const nodeServer: http.NodeServer;
export declare const req: IncomingMessage;
export declare const res: ServerResponse;
export declare const server: http.Server;

export declare const db: sql.DB;
export declare const connection: sql.Conn;
export declare const tx: sql.Tx;
export declare const insertAlbum: sql.Stmt;

export declare const broker: topic.Broker;
export declare const d: topic.Delivery<Job>;
export declare const engine: topic.Engine;
export declare const thumbnails: topic.Topic<Job>;

export declare const account: { balance: number };
export declare const amount: number;
export declare const buffer: Uint8Array;
export declare const cache: Map<string, string>;
export declare const event: number;
export declare const id: number;
export declare const client: { readonly id: number; query(text: string): Promise<void>; destroy(): void };
export declare const image: { readonly size: number };
export declare const job: Job;
export declare const name: string;
export declare const pending: readonly number[];
export declare const queue: readonly Job[];
export declare const ready: boolean;
export declare const reason: Error;
export declare const request: Request;
export declare const session: Session;
export declare const socket: { destroyed: boolean; destroy(): void };
export declare const side: { kill(id: number): Promise<void> };
export declare const stats: { dropped: number };
export declare const text: string;
export declare const url: string;
export declare const urls: readonly string[];
export declare const workers: number;

export declare const err: unknown;
export declare const closeError: Error | undefined;
export declare const flushError: Error | undefined;

export declare function connect(): Promise<void>;
export declare function crawl(url: string): Promise<void>;
export declare function fetchPage(ctx: Context, url: string): Promise<string>;
export declare function fetchUser(ctx: Context, id: number): Promise<User>;
export declare function generateKeyPair(): [publicKey: string, privateKey: string];
export declare function handle(socket: { destroy(): void }): Promise<void>;
export declare function load(): Promise<string[]>;
export declare function loadUser(id: number): Promise<User>;
export declare function post(balance: number): Promise<number>;
export declare function readFile(path: string, encoding: "utf8"): Promise<string>;
export declare function parseSlowly(job: Job): void;
export declare function refresh(): Promise<void>;
export declare function report(at: Date): Promise<void>;
export declare function resize(ctx: Context, job: Job): Promise<void>;
export declare function serve(ctx: Context): Promise<void>;
export declare function slowOperation(ctx: Context): Promise<void>;
export declare function work(job: Job): Promise<void>;
