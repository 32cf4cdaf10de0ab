// Runs the suite against the mock through Prism, a validating proxy that nobody here wrote, and fails when Prism
// and Parley disagree about the contract: about a request that was served, or about any answer.
//
//   node .peers/prism.mjs bin/parley
//
//   suite → front → Prism → back → mock
//
// The front keeps what Prism says of each exchange (its sl-violations header). The back undoes the one thing that
// Prism cannot do: send operations with servers of their own, as the token endpoint has, to other base paths.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, existsSync, openSync } from "node:fs";
import http from "node:http";
import net from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const parley = path.resolve(process.argv[2] ?? path.join(here, "../bin/parley"));
const scratch = mkdtempSync(path.join(tmpdir(), "parley-prism-"));
const agent = new http.Agent({ keepAlive: true });
const children = [];
const exchanges = [];

try {
  process.exitCode = await main();
} catch (error) {
  console.error(`prism: ${error.message} (logs in ${scratch})`);
  process.exitCode = 2;
} finally {
  for (const child of children) child.kill("SIGTERM");
  agent.destroy();
  setTimeout(() => process.exit(), 2000).unref(); // a child that does not end keeps nobody waiting
}

async function main() {
  const readyFile = path.join(scratch, "ready.json");
  start("mock", parley, ["mock", "--listen", "127.0.0.1:0", "--ready", readyFile]);
  await until("the mock", () => existsSync(readyFile));
  const ready = JSON.parse(readFileSync(readyFile, "utf8"));
  const base = new URL(ready.base_url);

  const back = await listen((request, response) => {
    const prefix = request.url.startsWith("/oauth/token") ? "" : base.pathname.replace(/\/$/, "");
    forward(request, response, base.port, prefix + request.url);
  });
  const prism = await freePort();
  start("prism", process.execPath, [path.join(here, "node_modules/.bin/prism"), "proxy", "--host", "127.0.0.1",
    "--port", String(prism), path.join(here, "../openapi/assistloop.yaml"), `http://127.0.0.1:${back}`]);
  await until("Prism", () => answers(prism));
  const front = await listen((request, response) => throughPrism(request, response, prism, base));

  const status = await finished(start("suite", parley, ["verify", "assistloop", "--target", `http://127.0.0.1:${front}${base.pathname}`,
    "--token", ready.token, "--driver", ready.driver, "--client-id", ready.client_id, "--client-secret", ready.client_secret]));
  return verdict(status);
}

// throughPrism sends an exchange to Prism and keeps what it says. Two kinds go straight to the mock: JSON that is none,
// which Prism's own parser would refuse, and which is never meant to be valid; and authorization requests, whose redirect
// Prism would follow itself, out into the world, instead of handing it on.
async function throughPrism(request, response, prism, base) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  const inside = request.url.startsWith(base.pathname) ? request.url.slice(base.pathname.length) : request.url;
  if (isBrokenJSON(request, body) || /^\/oauth\/authorize\b/.test(inside)) {
    return forward(request, response, base.port, request.url, body);
  }
  forward(request, response, prism, inside, body, (answer) => {
    exchanges.push({
      line: `${request.method} ${request.url}`,
      status: answer.statusCode,
      violations: violationsOf(answer.headers["sl-violations"]),
    });
  });
}

// violationsOf reads Prism's header. Where there are too many for one, Prism says so and cuts its JSON off: what is whole
// counts then.
function violationsOf(header = "[]") {
  const list = header.replace(/^Too many violations! /, "");
  if (list === header) return JSON.parse(list);
  return JSON.parse(list.slice(0, list.lastIndexOf("},{") + 1) + "]");
}

function isBrokenJSON(request, body) {
  if (body.length === 0 || !/json/.test(request.headers["content-type"] ?? "")) return false;
  try {
    JSON.parse(body);
    return false;
  } catch {
    return true;
  }
}

// disagreements picks out of an exchange what Prism has against it: any violation in a request that was served, any
// in an answer. An answer whose status the contract does not have is let pass where the request was wrong too: the
// suite sends methods and paths that no contract has.
function disagreements({ status, violations }) {
  const served = status >= 200 && status < 300;
  const ofRequest = violations.filter((v) => v.location[0] === "request");
  const ofResponse = violations.filter((v) => v.location[0] === "response");
  return [
    ...(served ? ofRequest : []),
    ...ofResponse.filter((v) => v.severity === "Error" || ofRequest.length === 0),
  ];
}

function verdict(suite) {
  let count = 0;
  for (const exchange of exchanges) {
    for (const { location, message } of disagreements(exchange)) {
      count++;
      console.error(`prism: ${exchange.line} answered ${exchange.status}: ${location.join(".")}: ${message}`);
    }
  }
  const served = exchanges.filter(({ status }) => status >= 200 && status < 300).length;
  console.log(`prism: ${exchanges.length} exchanges, ${served} of them served, ${count} violations; suite exit status ${suite}`);
  if (served === 0) throw new Error("nothing was served through Prism, so that nothing is proved");
  return count > 0 || suite !== 0 ? 1 : 0;
}

function forward(request, response, port, target, body, seen = () => {}) {
  const headers = { ...request.headers };
  delete headers["connection"];
  const out = http.request({ agent, host: "127.0.0.1", port, method: request.method, path: target, headers, maxHeaderSize: 1 << 20 }, (answer) => {
    seen(answer);
    delete answer.headers["sl-violations"];
    response.writeHead(answer.statusCode, answer.headers);
    answer.pipe(response);
  });
  out.on("error", () => response.destroy());
  if (body) out.end(body);
  else request.pipe(out);
}

function start(name, command, args) {
  const log = openSync(path.join(scratch, `${name}.log`), "w");
  const visible = name === "suite" ? "inherit" : log;
  const child = spawn(command, args, { stdio: ["ignore", visible, visible] });
  child.on("error", (error) => console.error(`prism: ${name}: ${error.message}`));
  children.push(child);
  return child;
}

function finished(child) {
  return new Promise((resolve) => child.on("close", (code) => resolve(code ?? 2)));
}

function listen(handler) {
  const server = http.createServer(handler);
  server.unref();
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server.address().port)));
}

function freePort() {
  const server = net.createServer();
  return new Promise((resolve) =>
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    }),
  );
}

function answers(port) {
  return new Promise((resolve) => {
    const socket = net.connect(port, "127.0.0.1", () => (socket.destroy(), resolve(true)));
    socket.on("error", () => resolve(false));
  });
}

async function until(what, holds, seconds = 30) {
  const deadline = Date.now() + seconds * 1000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`${what} was not up after ${seconds} s`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
