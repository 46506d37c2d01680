// Asks a Comunica engine and prints its solutions as JSON, one a line, until `MOST` are there: a
// traversal would go on through the whole graph. It fetches few documents at once, as a polite
// client does; by itself the engine asks for all links of a document in the same moment.
//   node ask.mjs PACKAGE SOURCE MOST < query.rq
import { readFileSync } from "node:fs";

const AT_ONCE = 6;
const waiting = [];
let running = 0;

async function politeFetch(...request) {
  if (running >= AT_ONCE) await new Promise((go) => waiting.push(go));
  running += 1;
  try {
    return await fetch(...request);
  } finally {
    running -= 1;
    waiting.shift()?.();
  }
}

const [library, source, most] = process.argv.slice(2);
const { QueryEngine } = await import(library);
const solutions = await new QueryEngine().queryBindings(readFileSync(0, "utf8"), {
  sources: [source],
  fetch: politeFetch,
  lenient: true,
});
let found = 0;
for await (const solution of solutions) {
  const values = [...solution].map(([variable, term]) => [variable.value, term.value]);
  console.log(JSON.stringify(Object.fromEntries(values)));
  if (++found >= Number(most)) break;
}
process.exit(0);
