import { chan, type Chan } from "gocsp";
import * as http from "gocsp/http";
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import type { Call } from "./agent.ts";

// Stands in for the server of a model: it answers with server-sent events, a token each. A long story stops after 20 of
// its 1000 tokens until the client leaves, as a real one's next token is always still to come.
export interface Model {
  url: string;
  holding: Chan<void>;
  cut: Chan<Cut>;
}

// A Cut is an answer whose client has left.
export interface Cut {
  sent: number;
  planned: number;
  at: number;
}

const storyTokens = 1000;
const hold = 20;

export async function startModel(): Promise<Model> {
  const [holding, cut] = [chan<void>(1), chan<Cut>(1)];
  const url = await serve(
    http.handler(async (ctx, req, res) => {
      const asked = (await json(req)) as { messages: string[] };
      res.setHeader("Content-Type", "text/event-stream");
      const say = (event: { token?: string; call?: Call }) => res.write(`data: ${JSON.stringify(event)}\n\n`);
      const last = asked.messages.at(-1) ?? "";
      if (last.startsWith("Write")) {
        for (let i = 0; i < hold; i++) say({ token: "once " });
        await holding.send();
        await ctx.done().receive();
        await cut.send({ sent: hold, planned: storyTokens, at: performance.now() });
        return;
      }
      if (last.startsWith("Count")) {
        say({ call: { tool: "run", argument: "sleep 60 & (sleep 60 & sleep 60) & echo started; wait" } });
        say({ call: { tool: "query", argument: endless } });
        say({ call: { tool: "ask", argument: "Write a long story." } });
      } else if (last.startsWith("How")) {
        say({ call: { tool: "run", argument: "echo 3" } });
        say({ call: { tool: "query", argument: "SELECT 5" } });
      } else {
        for (const token of ["I", " was", " told:", ` ${asked.messages.slice(1).join(", ")}`]) say({ token });
      }
      res.end("data: [DONE]\n\n");
    }),
  );
  return { url, holding, cut };
}

const endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n";

export async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await once(server.listen(0, "127.0.0.1"), "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
