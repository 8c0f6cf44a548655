// Every page, as the head lists them; each is loaded when it is first shown.

/** @type {[name: string, drawing: string, words: string, key: string][]} */
export const places = JSON.parse(/** @type {HTMLMetaElement} */ (document.querySelector("meta[name=pages]")).content);

/**
 * The page of this name; null when there is no such page.
 * @param {string} name
 */
export async function load(name) {
  if (!places.some(([each]) => each === name)) return null;
  return (await import(`./${name}.js`)).default;
}
