// A server that is unref'd, a client that is too, and a request in progress: nothing here keeps the process alive.
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { context } from "gocsp";
import * as http from "gocsp/http";

const server = createServer(
  http.handler((ctx, req, _res) => {
    req.socket.unref();
    void ctx.done().receive();
    context.afterFunc(ctx, () => console.log("ended"));
    console.log(ctx.err() === undefined ? "alive" : "ended");
  }),
);
server.listen(0, "127.0.0.1", () => {
  const client = connect((server.address() as AddressInfo).port, "127.0.0.1");
  client.write("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
  server.once("request", () => {
    client.unref();
    server.unref();
  });
});
