// Standard Webhooks by its makers' own library. "sign": prints a signature; "verify": whether it takes one.

import { Webhook } from "standardwebhooks";

const [act, secret, id, timestamp, body, signature] = process.argv.slice(2);
const webhook = new Webhook(secret);
if (act === "sign") {
  process.stdout.write(webhook.sign(id, new Date(Number(timestamp) * 1000), body));
} else {
  // Throws when it does not.
  webhook.verify(body, { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signature });
}
