// A mail server for the tests: takes e-mails on a loopback port, tells each on standard output as a line of JSON, and does with the
// next ones what it is told on standard input:
//
//   take         takes them
//   refuse       550 to the recipient
//   later        450 to the recipient
//   refuse-text  554 to the text
//   drop         hangs up at the recipient
//   drop-after   takes the text, and hangs up instead of saying so

import { createInterface } from "node:readline";
import { SMTPServer } from "smtp-server";

let mood = "take";
let lines = 0;
const tell = (what) => process.stdout.write(`${JSON.stringify(what)}\n`);

const no = (code, words) => Object.assign(new Error(words), { responseCode: code });

const hangUp = (session) => {
  for (const connection of server.connections) {
    if (connection.session.id === session.id) connection._socket.destroy();
  }
};

const server = new SMTPServer({
  authOptional: true,
  allowInsecureAuth: true,
  onConnect(_session, done) {
    lines += 1;
    done();
  },
  onAuth(auth, _session, done) {
    if (auth.username === "clinic" && auth.password === "secret") done(null, { user: "clinic" });
    else done(no(535, "5.7.8 not you"));
  },
  onRcptTo(_address, session, done) {
    if (mood === "refuse") done(no(550, "5.1.1 no such user here"));
    else if (mood === "later") done(no(450, "4.2.1 come back later"));
    else if (mood === "drop") hangUp(session);
    else done();
  },
  onData(stream, session, done) {
    const pieces = [];
    stream.on("data", (piece) => pieces.push(piece));
    stream.on("end", () => {
      if (mood === "refuse-text") return done(no(554, "5.7.1 not such a text"));
      tell({
        from: session.envelope.mailFrom.address,
        to: session.envelope.rcptTo.map((to) => to.address),
        user: session.user ?? null,
        line: lines,
        text: Buffer.concat(pieces).toString("utf8"),
      });
      if (mood === "drop-after") hangUp(session);
      else done();
    });
  },
});
server.on("error", () => {});
server.listen(0, "127.0.0.1", () => tell({ port: server.server.address().port }));

createInterface({ input: process.stdin })
  .on("line", (line) => {
    mood = line.trim();
    tell({ mood });
  })
  .on("close", () => process.exit(0));
