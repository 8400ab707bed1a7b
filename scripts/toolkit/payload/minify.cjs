// Minifies HTML, CSS and JavaScript without changing what they do.
//
// argv[2]: folder whose node_modules holds the minifiers.
// stdin:   JSON list of {name, kind: "html" | "css" | "js", text}.
// stdout:  JSON list, in the same order, of {text, warnings: [string]} or {error: string}.
"use strict";
const { createRequire } = require("node:module");
const { join } = require("node:path");

const load = createRequire(join(process.argv[2], "package.json"));

// Whitespace is collapsed to one space but never removed: whether it shows depends on the style sheet.
const HTML_OPTIONS = {
  caseSensitive: true,
  collapseWhitespace: true,
  conservativeCollapse: true,
  keepClosingSlash: true,
  removeComments: true,
};
const SCRIPT_AND_STYLE_OPTIONS = { charset: "utf8", legalComments: "inline", minify: true, target: "esnext" };

function place(job, message) {
  const at = message.location;
  return at ? `${job.name}:${at.line}:${at.column + 1}: ${message.text}` : `${job.name}: ${message.text}`;
}

async function minify(job) {
  try {
    if (job.kind === "html") {
      const text = await load("html-minifier-next").minify(job.text, HTML_OPTIONS);
      return { text, warnings: [] };
    }
    const options = { ...SCRIPT_AND_STYLE_OPTIONS, loader: job.kind, logLevel: "silent" };
    const result = await load("esbuild").transform(job.text, options);
    return { text: result.code, warnings: result.warnings.map((warning) => place(job, warning)) };
  } catch (error) {
    const first = error.errors?.[0];
    return { error: first ? place(job, first) : `${job.name}: ${error.message.split("\n")[0]}` };
  }
}

async function main() {
  const pieces = [];
  for await (const piece of process.stdin) pieces.push(piece);
  const results = [];
  for (const job of JSON.parse(Buffer.concat(pieces).toString("utf8"))) results.push(await minify(job));
  process.stdout.write(JSON.stringify(results));
}

main();
