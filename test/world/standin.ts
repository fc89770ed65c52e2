/** Stands in for the servers of models: OpenAI's chat completions and Anthropic's messages, streamed. */
import type { Context } from "gocsp";
import * as http from "gocsp/http";
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";

/** What one answer has cost; `whole` unless its client has left. */
export interface Spent {
  readonly sent: number;
  readonly planned: number;
  readonly whole: boolean;
}

interface Message {
  readonly role: string;
  readonly content: unknown;
}

/** A dialect: how a piece of text, a call of a tool and the end are told. */
interface Dialect {
  begin(): void;
  text(token: string): void;
  call(name: string, input: object): void;
  end(reason: "text" | "call"): void;
}

export const spent: Spent[] = [];
/** How many requests have come. */
export let requests = 0;
let tell = (): void => undefined;
let told = new Promise<void>((resolve) => (tell = resolve));

/** Resolves when an answer is in the middle of its story. */
export async function inTheMiddle(): Promise<void> {
  await told;
  told = new Promise((resolve) => (tell = resolve));
}

let cut = (): void => undefined;
let isCut = new Promise<void>((resolve) => (cut = resolve));

/** Resolves when the client of an answer has left. */
export async function left(): Promise<void> {
  await isCut;
  isCut = new Promise((resolve) => (cut = resolve));
}

const storyTokens = 1000;
const pauseAfter = 20;

const server = createServer(
  http.handler(async (ctx, req, res) => {
    requests++;
    const { messages } = (await json(req)) as { messages: Message[] };
    const last = messages.at(-1) as Message;
    const text = typeof last.content === "string" ? last.content : JSON.stringify(last.content);
    if (text.includes("busy")) {
      res.writeHead(503, { "retry-after": "60" }).end("{}");
      tell();
      return;
    }
    res.setHeader("Content-Type", "text/event-stream");
    await answer(ctx, text, req.url?.endsWith("/messages") === true ? anthropic(res) : openai(res));
    res.end();
  }),
);
await once(server.listen(0, "127.0.0.1"), "listening");
server.unref();
export const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

async function answer(ctx: Context, text: string, say: Dialect): Promise<void> {
  say.begin();
  if (text.includes("a story")) {
    for (let i = 0; i < pauseAfter; i++) say.text("once ");
    tell();
    await ctx.done().receive();
    spent.push({ sent: pauseAfter, planned: storyTokens, whole: false });
    cut();
    return;
  }
  if (text.includes("How many")) say.call("shell", { script: "echo 3 files" });
  else if (text.includes("a long tool"))
    say.call("shell", { script: 'sleep 60 & (sleep 60 & sleep 60) & touch "$STARTED"; wait' });
  else for (const token of ["There", " are", " 3", " files."]) say.text(token);
  say.end(text.includes("How many") || text.includes("a long tool") ? "call" : "text");
}

const sse = (res: ServerResponse, data: unknown, event?: string): void => {
  res.write(
    `${event === undefined ? "" : `event: ${event}\n`}data: ${typeof data === "string" ? data : JSON.stringify(data)}\n\n`,
  );
};

function openai(res: ServerResponse): Dialect {
  const chunk = (delta: object, finish: string | null = null): void =>
    sse(res, {
      id: "1",
      object: "chat.completion.chunk",
      created: 1,
      model: "stand-in",
      choices: [{ index: 0, delta, finish_reason: finish }],
    });
  return {
    begin: () => chunk({ role: "assistant", content: "" }),
    text: (content) => chunk({ content }),
    call: (name, input) =>
      chunk({
        tool_calls: [
          { index: 0, id: "call-1", type: "function", function: { name, arguments: JSON.stringify(input) } },
        ],
      }),
    end(reason) {
      chunk({}, reason === "call" ? "tool_calls" : "stop");
      sse(res, "[DONE]");
    },
  };
}

function anthropic(res: ServerResponse): Dialect {
  const event = (type: string, data: object): void => sse(res, { type, ...data }, type);
  let isOpen = false;
  return {
    begin: () =>
      event("message_start", {
        message: {
          id: "1",
          type: "message",
          role: "assistant",
          model: "stand-in",
          content: [],
          stop_reason: null,
          stop_sequence: null,
          usage: { input_tokens: 1, output_tokens: 1 },
        },
      }),
    text(text) {
      if (!isOpen) event("content_block_start", { index: 0, content_block: { type: "text", text: "" } });
      isOpen = true;
      event("content_block_delta", { index: 0, delta: { type: "text_delta", text } });
    },
    call(name, input) {
      event("content_block_start", { index: 0, content_block: { type: "tool_use", id: "call-1", name, input: {} } });
      event("content_block_delta", {
        index: 0,
        delta: { type: "input_json_delta", partial_json: JSON.stringify(input) },
      });
    },
    end(reason) {
      event("content_block_stop", { index: 0 });
      const stop = { stop_reason: reason === "call" ? "tool_use" : "end_turn", stop_sequence: null };
      event("message_delta", { delta: stop, usage: { output_tokens: 4 } });
      event("message_stop", {});
    },
  };
}
