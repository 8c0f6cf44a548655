/** The same for `import`: one build serves both, so that an error is of one class everywhere. */

export * from "./index.js";
