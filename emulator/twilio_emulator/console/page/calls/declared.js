// The control API as its own document declares it: groups of calls, and the fields of a form for each.

const METHODS = ["get", "post", "put", "patch", "delete"];
const MOST = Number.MAX_SAFE_INTEGER; // the bounds of every number, which say nothing of this one
const NUMBER = /^-?\d+(\.\d+)?$/;
const PLACE = /^(?:(body|query|path) )?([\w. ]*)(?:\[[^:]*)?: (.*)/s;
const PARTS = ["body", "query", "path"];
const MISSING = /missing required field (\w+)/;

/**
 * All calls, in groups as the document has them.
 * @param {any} document
 * @returns {DeclaredGroup[]}
 */
export function groupsOf(document) {
  /** @type {Map<string, DeclaredGroup>} */
  const groups = new Map(document.tags.map((/** @type {any} */ tag) => [tag.name, { name: tag.name, words: tag.description, calls: [] }]));
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const method of METHODS.filter((each) => operations[each])) {
      const call = callOf(document, method, path, operations[method]);
      groups.get(operations[method].tags[0])?.calls.push(call);
    }
  }
  return [...groups.values()].filter(({ calls }) => calls.length);
}

/**
 * @param {any} document
 * @param {string} method
 * @param {string} path
 * @param {any} operation
 * @returns {DeclaredCall}
 */
function callOf(document, method, path, operation) {
  /** @param {string} place */
  const declared = (place) => operation.parameters
    .filter((/** @type {any} */ each) => each.in === place)
    .map((/** @type {any} */ each) => fieldOf(document, each.name, { ...each.schema, description: each.description }, each.required, each.example));
  return {
    name: operation.operationId,
    method: method.toUpperCase(),
    path,
    summary: operation.summary,
    places: declared("path"),
    query: declared("query"),
    body: operation.requestBody ? bodyOf(document, operation.requestBody.content) : null,
  };
}

/**
 * A body has fields, unless it is no JSON or may be any.
 * @param {any} document
 * @param {any} content
 * @returns {DeclaredBody}
 */
function bodyOf(document, content) {
  const [[type, { schema, examples }]] = Object.entries(content);
  const { properties, required, ...rest } = plain(document, schema);
  // What takes one of several shapes shows the fields of all: the emulator says what does not go together.
  const some = rest.anyOf?.map((/** @type {any} */ each) => plain(document, each).properties);
  const all = properties ?? (some && Object.assign({}, ...some.reverse()));
  return {
    type,
    isJson: type === "application/json",
    fields: all ? fieldsOf(document, all, required) : null,
    examples: Object.values(examples ?? {}).map(({ value }) => value),
  };
}

/**
 * @param {any} document
 * @param {Record<string, any>} properties
 * @param {string[]} required
 */
function fieldsOf(document, properties, required = []) {
  return Object.entries(properties).map(([name, schema]) => fieldOf(document, name, schema, required.includes(name)));
}

/**
 * @param {any} document
 * @param {string} name
 * @param {any} schema
 * @param {boolean} isRequired
 * @param {unknown} [example]
 * @returns {DeclaredField}
 */
function fieldOf(document, name, schema, isRequired, example) {
  const it = plain(document, schema);
  const types = [it.type].flat().filter((each) => each && each !== "null");
  const field = {
    name,
    words: it.description ?? "",
    isRequired: Boolean(isRequired),
    example: example ?? it.default,
    types,
    least: it.minimum > -MOST ? it.minimum : null,
    most: it.maximum < MOST ? it.maximum : null,
  };
  if (it.enum) return { ...field, kind: "choice", choices: it.enum };
  if (types.includes("boolean")) return { ...field, kind: "choice", choices: [true, false] };
  if (it.properties) return { ...field, kind: "group", fields: fieldsOf(document, it.properties, it.required) };
  const items = it.items && plain(document, it.items);
  if (items?.enum) return { ...field, kind: "choices", choices: items.enum };
  if (items?.type === "string") return { ...field, kind: "lines" };
  if (types.length === 1 && ["integer", "number"].includes(types[0])) return { ...field, kind: "number" };
  return { ...field, kind: types.some((each) => ["string", "number"].includes(each)) ? "text" : "json" };
}

/**
 * A schema itself, where it stands elsewhere or may be null besides; the words beside it come first.
 * @param {any} document
 * @param {any} schema
 * @returns {any}
 */
function plain(document, schema) {
  const { $ref, anyOf, ...beside } = schema;
  if ($ref) return plain(document, { ...document.components.schemas[$ref.split("/").at(-1)], ...beside });
  const shapes = anyOf?.filter((/** @type {any} */ each) => each.type !== "null");
  return shapes?.length === 1 ? plain(document, { ...shapes[0], ...beside }) : schema;
}

/**
 * The groups with the calls that a search finds: each of its words stands somewhere in what is said of a call.
 * @param {DeclaredGroup[]} groups
 * @param {string} search
 */
export function found(groups, search) {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return groups
    .map((group) => ({ ...group, calls: group.calls.filter((call) => words.every((word) => textOf(group, call).includes(word))) }))
    .filter(({ calls }) => calls.length);
}

/**
 * @param {DeclaredGroup} group
 * @param {DeclaredCall} call
 */
function textOf(group, call) {
  const fields = [...call.places, ...call.query, ...(call.body?.fields ?? [])].map(({ name }) => name);
  return [group.name, call.name, call.method, call.path, call.summary, ...fields].join(" ").toLowerCase();
}

/**
 * Whether a call takes away what no other brings back.
 * @param {DeclaredCall} call
 */
export const isDangerous = ({ method, path }) => method === "DELETE" || path === "/reset" || (method === "PUT" && path === "/snapshot");

/**
 * What the fields of a form say, as JSON; what is left empty is not said. `read` gives what an input holds.
 * @param {DeclaredField[]} fields
 * @param {string} prefix of the names of the inputs
 * @param {(name: string) => string[]} read
 * @returns {Record<string, any>}
 * @throws {Misread} when an input that takes JSON holds something else
 */
export function said(fields, prefix, read) {
  const values = fields.map((field) => [field.name, valueOf(field, `${prefix}.${field.name}`, read)]);
  return Object.fromEntries(values.filter(([, value]) => value !== undefined));
}

/**
 * @param {DeclaredField} field
 * @param {string} name
 * @param {(name: string) => string[]} read
 */
function valueOf(field, name, read) {
  if (field.kind === "group") {
    const value = said(field.fields ?? [], name, read);
    return Object.keys(value).length ? value : undefined;
  }
  const texts = read(name).filter((text) => text.trim());
  if (!texts.length) return undefined;
  if (field.kind === "choices") return texts.map((text) => parsed(name, text));
  const [text] = texts;
  if (field.kind === "choice" || field.kind === "json") return parsed(name, text);
  if (field.kind === "lines") return text.split("\n").map((line) => line.trim()).filter(Boolean);
  const isNumber = field.kind === "number" || (field.types.includes("number") && NUMBER.test(text.trim()));
  return isNumber ? Number(text) : text;
}

/** An input cannot be read; `field` is its name. */
export class Misread extends Error {
  /** @param {string} field */
  constructor(field) {
    super(`${field}: expected JSON, as {"name": "value"}`);
    this.field = field;
  }
}

/**
 * @param {string} field
 * @param {string} text
 */
export function parsed(field, text) {
  try {
    return JSON.parse(text);
  } catch {
    throw new Misread(field);
  }
}

/**
 * What an input holds at first, for a value of its field; the other way round from `said`.
 * @param {DeclaredField} field
 * @param {any} value
 */
export function shownAs(field, value) {
  if (value === undefined || value === null) return "";
  if (field.kind === "lines") return value.join("\n");
  if (field.kind === "choice") return JSON.stringify(value);
  if (field.kind === "json") return JSON.stringify(value, null, 2);
  return String(value);
}

/**
 * A path with what stands in its places.
 * @param {string} path
 * @param {Record<string, any>} places
 */
export const filled = (path, places) => path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(places[name] ?? ""));

/**
 * The input that a refusal is about, by its name, and what is said of it; null when it is about none.
 * @param {string} message as the emulator says it, such as `body do final.status: expected ...`
 * @param {string[]} inputs
 */
export function blamed(message, inputs) {
  const place = message.match(PLACE);
  if (!place) return null;
  const [, part, dotted, words] = place;
  const missing = words.match(MISSING)?.[1];
  const steps = [...dotted.split(/[. ]/), missing].filter(Boolean);
  const isWhole = !part && PARTS.includes(dotted);
  const parts = part ? [part] : isWhole ? [dotted] : PARTS;
  if (isWhole) steps.shift();
  for (; ; steps.pop()) {
    const wanted = parts.map((each) => [each, ...steps].join("."));
    const name = inputs.find((each) => wanted.includes(each));
    if (name) return { name, words };
    if (steps.length <= (part || isWhole ? 0 : 1)) break;
  }
  return null;
}
