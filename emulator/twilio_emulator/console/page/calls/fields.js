// The inputs of a call's fields, each with its name, what is said of it, and room for what is wrong with it.

import { h } from "../dom.js";
import { shownAs } from "./declared.js";

/**
 * Inputs for these fields, with what `value` says already.
 * @param {DeclaredField[]} fields
 * @param {string} prefix of the names of the inputs
 * @param {string} form whose ids they have
 * @param {Record<string, any>} value
 * @returns {HTMLElement}
 */
export function inputs(fields, prefix, form, value = {}) {
  return h("div.fields", fields.map((field) => entry(field, `${prefix}.${field.name}`, form, value?.[field.name])));
}

/**
 * @param {DeclaredField} field
 * @param {string} name
 * @param {string} form
 * @param {any} value
 * @returns {HTMLElement}
 */
function entry(field, name, form, value) {
  const words = field.words && h("small", { id: `${form}-${name}-words` }, plainWords(field.words));
  const head = [h("code", field.name), field.isRequired && h("span.tag", "required")];
  if (field.kind === "group") {
    return h("fieldset.wide", h("legend", head), words, inputs(field.fields ?? [], name, form, value));
  }
  if (field.kind === "choices") {
    const boxes = (field.choices ?? []).map((each) => {
      const said = JSON.stringify(each);
      return h("label.flag", h("input", { type: "checkbox", name, value: said, checked: value?.includes(each) }), String(each));
    });
    return h("fieldset.wide", h("legend", head), words, h("div.flags", boxes), mistake(form, name));
  }
  const input = control(field, shownAs(field, value));
  const about = `${form}-${name}-mistake${words ? ` ${form}-${name}-words` : ""}`;
  Object.assign(input, { name, id: `${form}-${name}` });
  input.setAttribute("aria-describedby", about);
  const wide = input.tagName === "TEXTAREA" ? " wide" : "";
  return h("div.field", { class: `field${wide}` }, h("label", { for: input.id }, head), input, mistake(form, name), words);
}

/**
 * @param {DeclaredField} field
 * @param {string} value
 */
function control(field, value) {
  const example = field.example === undefined || field.example === null ? null : String(field.example);
  if (field.kind === "choice") {
    const nothing = h("option", { value: "" }, example ? `unless said: ${example}` : "not said");
    const options = (field.choices ?? []).map((each) => h("option", { value: JSON.stringify(each), selected: JSON.stringify(each) === value }, String(each)));
    return h("select", nothing, options);
  }
  if (field.kind === "lines") return h("textarea", { rows: 2, value, placeholder: "one a line" });
  if (field.kind === "json") return h("textarea.mono", { rows: 3, value, placeholder: "JSON", spellcheck: "false" });
  if (field.kind === "number") {
    const step = field.types.includes("integer") ? "1" : "any";
    return h("input", { type: "number", step, min: field.least, max: field.most, value, placeholder: example });
  }
  return h("input", { type: "text", value, placeholder: example, spellcheck: "false", autocomplete: "off" });
}

/**
 * Where it is said what is wrong with an input.
 * @param {string} form
 * @param {string} name
 */
const mistake = (form, name) => h("p.mistake", { id: `${form}-${name}-mistake`, "data-of": name, hidden: true });

/**
 * Words with `code` in them.
 * @param {string} words
 */
export const plainWords = (words) => words.split("`").map((piece, n) => (n % 2 ? h("code", piece) : piece));
