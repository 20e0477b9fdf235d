// Whether Twilio's own library takes a signature: address, fields as JSON, token and signature as arguments.

import twilio from "twilio";

const [address, fields, token, signature] = process.argv.slice(2);
process.exit(twilio.validateRequest(token, signature, address, JSON.parse(fields)) ? 0 : 1);
