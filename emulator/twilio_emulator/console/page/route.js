// Addresses within the page: `#/handsets/+12025550199/threads/+12025550100?inspect=SM...`.
// Everything that can be looked at has one, so that a failing test can print it.

/**
 * What an address says: the segments of its path, and its query.
 * @param {string} hash
 */
export function parse(hash) {
  const [path, query] = parted(hash.replace(/^#\/?/, ""), "?");
  /** @type {Record<string, string>} */
  const said = {};
  for (const pair of query.split("&").filter(Boolean)) {
    const [name, value] = parted(pair, "=");
    said[decode(name)] = decode(value);
  }
  return { path: path.split("/").filter(Boolean).map(decode), query: said };
}

/**
 * What stands before the first `sign`, and all that stands after it.
 * @param {string} text
 * @param {any} sign
 */
function parted(text, sign) {
  const at = text.indexOf(sign);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}

/**
 * The address with this path and query; what is empty in the query is left out.
 * @param {any[]} path
 */
export function format(path, query = {}) {
  const said = Object.entries(query)
    .filter(([, value]) => value !== undefined && value !== null && value !== "")
    .map(([name, value]) => `${name}=${encode(value)}`);
  return `#/${path.map(encode).join("/")}${said.length ? `?${said.join("&")}` : ""}`;
}

/**
 * Plus signs and colons, which addresses of phones have, stay readable.
 * @param {string} text
 */
function encode(text) {
  return encodeURIComponent(text).replaceAll("%2B", "+").replaceAll("%3A", ":").replaceAll("%2C", ",");
}

/** @param {string} text */
function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a stray percent sign
  }
}
