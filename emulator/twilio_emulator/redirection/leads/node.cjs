"use strict";
// Leads what this Node.js process says to Twilio to an emulator: NODE_OPTIONS has it loaded first.
//
// A connection for a name of Twilio's is made to the emulator instead. Whoever asked for it keeps
// the name: in the Host, in TLS's SNI, and where the certificate is checked.

const net = require("net");

const EMULATOR = { host: "@HOST@", port: Number("@PORT@") };
const TWILIO = /[^.]\.twilio\.com\.?$/i;
// What of the way to Twilio is none to the emulator.
const OF_THE_WAY = ["lookup", "hints", "family", "localAddress", "localPort"];

const connect = net.Socket.prototype.connect;

/** What Node's own functions make of `connect(options)`, `connect(port, host)` and their like. */
function read(given) {
  const [first, second] = given;
  if (Array.isArray(first)) {
    return first;
  }
  const listener = given.slice(1).find((each) => typeof each === "function");
  if (typeof first === "object" && first !== null) {
    return [first, listener];
  }
  return [typeof second === "string" ? { port: first, host: second } : {}, listener];
}

net.Socket.prototype.connect = function (...given) {
  const [options, listener] = read(given);
  if (!options || options.path || !TWILIO.test(options.host)) {
    return connect.apply(this, given);
  }
  const led = { ...options, ...EMULATOR };
  for (const name of OF_THE_WAY) {
    delete led[name];
  }
  return connect.call(this, led, listener);
};

// Bun's WebSocket makes its connections by itself, and takes a proxy.
if (process.versions.bun) {
  const proxy = "http://@ADDRESS@";
  globalThis.WebSocket = class WebSocket extends globalThis.WebSocket {
    constructor(url, how) {
      const host = new URL(url).hostname;
      const wish = typeof how === "object" && !Array.isArray(how) ? how : { protocols: how };
      super(url, TWILIO.test(host) ? { ...wish, proxy } : how);
    }
  };
}
