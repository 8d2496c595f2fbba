// A server of somebody else on loopback, which serves one actor and signs what it delivers.
import crypto from "node:crypto";
import http from "node:http";

const PUBLIC = "https://www.w3.org/ns/activitystreams#Public";

export class Peer {
  /** Starts a server of mallory, in all of whose texts stands `text`. */
  static async start(text) {
    const peer = new Peer();
    peer.documents = new Map();
    const { privateKey, publicKey } = crypto.generateKeyPairSync("rsa", { modulusLength: 2048 });
    peer.key = privateKey;
    peer.server = http.createServer((request, answer) => {
      const document = peer.documents.get(new URL(request.url, peer.base).pathname);
      answer.writeHead(document ? 200 : 404, { "Content-Type": "application/activity+json" });
      answer.end(document ? JSON.stringify(document) : "{}");
    });
    await new Promise((resolve) => peer.server.listen(0, "127.0.0.1", resolve));
    peer.host = `127.0.0.1:${peer.server.address().port}`;
    peer.base = `http://${peer.host}`;
    peer.actor = `${peer.base}/users/mallory`;
    peer.serve(peer.actor, {
      type: "Person",
      preferredUsername: "mallory",
      name: text,
      summary: text,
      inbox: `${peer.actor}/inbox`,
      attachment: [{ type: "PropertyValue", name: text, value: text }],
      tag: [{ type: "Emoji", name: `:${text}:`, icon: { type: "Image", url: text } }],
      publicKey: {
        id: `${peer.actor}#main-key`,
        owner: peer.actor,
        publicKeyPem: publicKey.export({ type: "spki", format: "pem" }),
      },
    });
    return peer;
  }

  serve(id, document) {
    this.documents.set(new URL(id).pathname, { "@context": "https://www.w3.org/ns/activitystreams", id, ...document });
    return this.documents.get(new URL(id).pathname);
  }

  /** Posts an object of a kind into a group of the hub, with `text` in every field that holds one. */
  async creates(hub, group, kind, number, text) {
    const id = `${this.actor}/things/${number}`;
    const object = this.serve(id, {
      type: kind,
      attributedTo: this.actor,
      to: [PUBLIC, group],
      cc: [],
      audience: group,
      name: `${number} ${text}`,
      summary: text,
      content: text,
      mediaType: "text/html",
      source: { content: text, mediaType: "text/markdown" },
      url: `${id}?"><script>owned()</script>`,
      location: { type: "Place", name: text },
      startTime: new Date(Date.now() + 3_600_000).toISOString(),
      oneOf: [text, `${text} again`].map((name) => ({ type: "Note", name })),
      attachment: [{ type: "Document", mediaType: "text/plain", url: `${this.base}/file`, name: text }],
      tag: [
        { type: "Mention", href: group, name: text },
        { type: "Hashtag", name: `#${text}` },
      ],
      published: new Date().toISOString(),
    });
    const create = { "@context": object["@context"], id: `${id}#create`, type: "Create", actor: this.actor, object };
    const status = await this.delivers(hub, { ...create, to: object.to, cc: object.cc });
    if (status !== 202) throw new Error(`${kind} was answered with ${status}`);
  }

  /** Signs and posts an activity to the shared inbox of the hub. */
  delivers(hub, activity) {
    const body = JSON.stringify(activity);
    const host = new URL(hub.base).host;
    const date = new Date().toUTCString();
    const digest = `SHA-256=${crypto.createHash("sha256").update(body).digest("base64")}`;
    const lines = [`(request-target): post /inbox`, `host: ${host}`, `date: ${date}`, `digest: ${digest}`];
    const signature = crypto.sign("sha256", Buffer.from(lines.join("\n")), this.key).toString("base64");
    const headers = {
      Host: host,
      Date: date,
      Digest: digest,
      "Content-Type": "application/activity+json",
      "Content-Length": Buffer.byteLength(body),
      Connection: "close",
      Signature: `keyId="${this.actor}#main-key",algorithm="rsa-sha256",headers="(request-target) host date digest",signature="${signature}"`,
    };
    const options = { host: "127.0.0.1", port: hub.port, method: "POST", path: "/inbox", headers };
    return new Promise((resolve, reject) => {
      const request = http.request(options, (answer) => {
        answer.resume();
        answer.on("end", () => resolve(answer.statusCode));
      });
      request.on("error", reject);
      request.end(body);
    });
  }

  async stop() {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
