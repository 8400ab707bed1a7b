// Joins modules into the one that imports them.
//
// argv[2]: folder whose node_modules holds esbuild.
// stdin:   JSON list of {entry: name, modules: {name: text}}, names below www/.
// stdout:  JSON list, in the same order, of {text} or {error: string}.
"use strict";
const { createRequire } = require("node:module");
const { join, posix } = require("node:path");

const load = createRequire(join(process.argv[2], "package.json"));

/** Finds a job's modules in the job; what is not among them is fetched by the browser, from where it always is. */
function fromJob(modules) {
  return {
    name: "www",
    setup(build) {
      build.onResolve({ filter: /.*/ }, ({ path, importer, kind }) => {
        if (kind === "entry-point") return { path, namespace: "www" };
        if (!/^\.{0,2}\//.test(path)) return { path, external: true };
        const name = posix.resolve("/", posix.dirname(importer), path);
        if (kind === "import-statement" && name.slice(1) in modules) return { path: name.slice(1), namespace: "www" };
        return { path: name, external: true };
      });
      build.onLoad({ filter: /.*/, namespace: "www" }, ({ path }) => ({ contents: modules[path], loader: "js" }));
    },
  };
}

async function bundle({ entry, modules }) {
  const options = { bundle: true, charset: "utf8", format: "esm", legalComments: "inline", logLevel: "silent", target: "esnext", write: false };
  try {
    const result = await load("esbuild").build({ ...options, entryPoints: [entry], plugins: [fromJob(modules)] });
    return { text: result.outputFiles[0].text };
  } catch (error) {
    const [first] = error.errors ?? [];
    const at = first?.location;
    if (!at) return { error: `www/${entry}: ${(first?.text ?? error.message).split("\n")[0]}` };
    return { error: `${at.file.replace("www:", "www/")}:${at.line}:${at.column + 1}: ${first.text}` };
  }
}

async function main() {
  const pieces = [];
  for await (const piece of process.stdin) pieces.push(piece);
  const results = [];
  for (const job of JSON.parse(Buffer.concat(pieces).toString("utf8"))) results.push(await bundle(job));
  process.stdout.write(JSON.stringify(results));
}

main();
