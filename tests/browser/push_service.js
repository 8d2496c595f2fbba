// A push service on loopback, and a browser that is subscribed to it: Chromium's own service is somebody
// else's server. What comes is checked (RFC 8292) and opened (RFC 8291, RFC 8188) as a browser would.
import assert from "node:assert/strict";
import crypto from "node:crypto";
import http from "node:http";

const text = (bytes) => bytes.toString("base64url");
const bytes = (words) => Buffer.from(words, "base64url");
const derive = (secret, salt, info, length) => Buffer.from(crypto.hkdfSync("sha256", secret, salt, info, length));

export class PushService {
  static async start() {
    const service = new PushService();
    service.keys = crypto.createECDH("prime256v1");
    service.keys.generateKeys();
    service.secret = crypto.randomBytes(16);
    service.came = [];
    service.server = http.createServer((request, answer) => {
      const pieces = [];
      request.on("data", (piece) => pieces.push(piece));
      request.on("end", () => {
        service.came.push({ path: request.url, headers: request.headers, body: Buffer.concat(pieces) });
        answer.writeHead(201).end();
        service.heard?.();
      });
    });
    await new Promise((resolve) => service.server.listen(0, "127.0.0.1", resolve));
    service.base = `http://127.0.0.1:${service.server.address().port}`;
    return service;
  }

  /** What a browser gives to the page that subscribed it. */
  subscription() {
    const keys = { p256dh: text(this.keys.getPublicKey()), auth: text(this.secret) };
    return { endpoint: `${this.base}/browsers/one`, keys };
  }

  /** The first message, as soon as it is there. */
  async first() {
    const late = AbortSignal.timeout(150_000);
    while (this.came.length === 0) {
      await new Promise((resolve, reject) => {
        this.heard = resolve;
        late.onabort = () => reject(new Error("no message came"));
      });
    }
    return this.came[0];
  }

  /** Checks who signed a message, and that it was meant for this service. */
  verify({ headers }, key) {
    const [, token, sender] = headers.authorization.match(/^vapid t=([^,]+), ?k=(.+)$/);
    assert.equal(sender, key);
    const [head, claims, signature] = token.split(".");
    const point = bytes(key);
    const jwk = { kty: "EC", crv: "P-256", x: text(point.subarray(1, 33)), y: text(point.subarray(33)) };
    const public_key = crypto.createPublicKey({ key: jwk, format: "jwk" });
    const way = { key: public_key, dsaEncoding: "ieee-p1363" };
    assert.ok(crypto.verify("sha256", Buffer.from(`${head}.${claims}`), way, bytes(signature)), "signed by the hub");
    const { aud, exp } = JSON.parse(bytes(claims));
    assert.equal(aud, this.base);
    assert.ok(exp * 1000 > Date.now());
  }

  /** What a message says. */
  open({ headers, body }) {
    assert.equal(headers["content-encoding"], "aes128gcm");
    const salt = body.subarray(0, 16);
    const sender = body.subarray(21, 21 + body[20]);
    const sealed = body.subarray(21 + body[20]);
    const info = Buffer.concat([Buffer.from("WebPush: info\0"), this.keys.getPublicKey(), sender]);
    const shared = derive(this.keys.computeSecret(sender), this.secret, info, 32);
    const key = derive(shared, salt, "Content-Encoding: aes128gcm\0", 16);
    const nonce = derive(shared, salt, "Content-Encoding: nonce\0", 12);
    const opening = crypto.createDecipheriv("aes-128-gcm", key, nonce).setAuthTag(sealed.subarray(-16));
    const plain = Buffer.concat([opening.update(sealed.subarray(0, -16)), opening.final()]);
    return plain.subarray(0, plain.lastIndexOf(2)).toString("utf8");
  }

  async stop() {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
