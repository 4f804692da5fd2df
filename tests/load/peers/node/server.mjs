// Node's socket.io as its documentation has it: a room, an event for it, an echo. `node server.mjs json|msgpack`.

import { createServer } from "node:http";
import { Server } from "socket.io";
import * as msgpack from "socket.io-msgpack-parser";

const BACKLOG = 4096;
const ROOM = "everybody";

const http = createServer();
const parser = process.argv[2] === "msgpack" ? { parser: msgpack.default ?? msgpack } : {};
const io = new Server(http, { transports: ["websocket"], serveClient: false, ...parser });

io.on("connection", (socket) => {
  socket.join(ROOM);
  socket.on("message", (text) => io.to(ROOM).emit("message", text));
  socket.on("echo", (text, acknowledge) => acknowledge(text));
});

http.listen({ host: "127.0.0.1", port: 0, backlog: BACKLOG }, () => {
  console.log(JSON.stringify({ port: http.address().port }));
});
