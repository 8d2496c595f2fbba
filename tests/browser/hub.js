// A hub as an operator would run it: a settings file, the command line, and the built binary on loopback.
import { execFileSync, spawn } from "node:child_process";
import fs from "node:fs";
import http from "node:http";
import net from "node:net";
import os from "node:os";
import path from "node:path";

const BINARY = process.env.GUILDHALL_BIN ?? "target/debug/guildhall";
export const PASSWORD = "correct horse battery staple";

function freePort() {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

export class Hub {
  /** Starts a hub with the admin anna, the member ben and anna's group drivers; `accounts` are settings of theirs. */
  static async start(accounts = "") {
    const hub = new Hub();
    hub.accounts = accounts;
    hub.dir = fs.mkdtempSync(path.join(os.tmpdir(), "guildhall-browser-"));
    hub.port = await freePort();
    hub.base = `http://localhost:${hub.port}`;
    hub.settings = path.join(hub.dir, "guildhall.toml");
    fs.writeFileSync(hub.settings, hub.document());
    hub.user("anna", "admin");
    hub.user("ben", "member");
    hub.run(["group", "create", "drivers", "--title", "Drivers", "--owner", "anna"]);
    hub.run(["group", "create", "den", "--title", "The den", "--owner", "anna", "--private"]);
    hub.tokens = { anna: hub.token("anna"), ben: hub.token("ben") };
    const log = fs.openSync(path.join(hub.dir, "log"), "a");
    hub.process = spawn(BINARY, ["--config", hub.settings, "serve"], { stdio: ["ignore", log, log] });
    await hub.ready();
    return hub;
  }

  /** A fresh token of somebody, for the API. */
  token(name) {
    return this.run(["token", "create", name]).trim().split("\n").at(-1);
  }

  document() {
    return `
[instance]
domain = "localhost:${this.port}"
name = "Acme Hub"
description = "The home of everyone who builds with Acme."
languages = ["en", "de"]

[server]
bind = "127.0.0.1:${this.port}"
data_dir = "${path.join(this.dir, "data")}"

[accounts]
registration = "open"
${this.accounts}

[sharing]
embed_hosts = ["blog.example"]
comments_group = "drivers"

[federation]
development = true
`;
  }

  run(args, input = "") {
    return execFileSync(BINARY, ["--config", this.settings, ...args], {
      input,
      encoding: "utf8",
      timeout: 60_000,
      stdio: ["pipe", "pipe", "pipe"],
    });
  }

  user(name, role) {
    const args = ["user", "create", name, "--email", `${name}@example.test`, "--role", role];
    this.run([...args, "--password-stdin"], `${PASSWORD}\n`);
  }

  /** Waits for a letter to an address in the data directory that holds these words; gives it as plain text. */
  async letter(to, words) {
    const folder = path.join(this.dir, "data", "mail");
    const end = Date.now() + 90_000;
    for (;;) {
      const files = fs.existsSync(folder) ? fs.readdirSync(folder).filter((name) => name.endsWith(".eml")) : [];
      for (const name of files.sort().reverse()) {
        const raw = fs.readFileSync(path.join(folder, name), "utf8");
        // What the header says is not encoded.
        const body = raw.slice(raw.indexOf("\r\n\r\n"));
        const text = body.replace(/=\r\n/g, "").replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
        if (raw.includes(`To: ${to}`) && text.includes(words)) return text;
      }
      if (Date.now() > end) throw new Error(`no letter to ${to} with ${words}:\n${this.log()}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  log() {
    return fs.readFileSync(path.join(this.dir, "log"), "utf8");
  }

  async ready() {
    const end = Date.now() + 30_000;
    for (;;) {
      const answer = await this.call("GET", "/readyz").catch(() => ({ status: 0 }));
      if (answer.status === 200) return;
      if (this.process.exitCode !== null || Date.now() > end) {
        throw new Error(`the hub is not ready:\n${this.log()}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** A request from outside any browser; JSON in, JSON out, as the person whose token it carries. */
  call(method, where, body, as) {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const headers = { Host: `localhost:${this.port}`, Connection: "close" };
    if (text !== undefined) headers["Content-Type"] = "application/json";
    if (as) headers.Authorization = `Bearer ${this.tokens[as]}`;
    const options = { host: "127.0.0.1", port: this.port, method, path: where, headers };
    return new Promise((resolve, reject) => {
      const request = http.request(options, (answer) => {
        let all = "";
        answer.setEncoding("utf8");
        answer.on("data", (piece) => (all += piece));
        answer.on("end", () => {
          const json = /json/.test(answer.headers["content-type"] ?? "") && all !== "";
          resolve({ status: answer.statusCode, headers: answer.headers, body: json ? JSON.parse(all) : all });
        });
      });
      request.on("error", reject);
      request.end(text);
    });
  }

  /** What an address answers, as soon as that is enough. */
  async eventually(where, enough) {
    const end = Date.now() + 30_000;
    for (;;) {
      const answer = await this.call("GET", where);
      if (answer.status === 200 && enough(answer.body)) return answer.body;
      if (Date.now() > end) throw new Error(`${where} stays ${JSON.stringify(answer.body)}:\n${this.log()}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  async stop() {
    if (this.process?.exitCode === null) {
      const ended = new Promise((resolve) => this.process.once("exit", resolve));
      this.process.kill("SIGTERM");
      const late = setTimeout(() => this.process.kill("SIGKILL"), 20_000);
      await ended;
      clearTimeout(late);
    }
    fs.rmSync(this.dir, { recursive: true, force: true });
  }
}
