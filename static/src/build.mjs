// Makes static/dist/ from static/src/ and the packages of the lock file. No network, no cache, under two seconds.
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import * as sass from "sass";

const source = dirname(fileURLToPath(import.meta.url));
const root = join(source, "..", "..");
const packages = join(root, "node_modules");
const target = join(root, "static", "dist");
const FIRST_VIEW_LIMIT = 100 * 1024;

async function styles() {
  const { css } = sass.compile(join(source, "scss", "parvis.scss"), {
    style: "compressed",
    loadPaths: [packages],
    quietDeps: true,
    // Bootstrap 5.3 is written with @import and the colour functions of its time.
    silenceDeprecations: ["import", "global-builtin", "color-functions", "if-function"],
  });
  await writeFile(join(target, "parvis.css"), css);
}

async function scripts() {
  await build({
    entryPoints: [join(source, "js", "parvis.js")],
    outfile: join(target, "parvis.js"),
    bundle: true,
    minify: true,
    target: "es2022",
    legalComments: "none",
  });
  await copyFile(join(packages, "htmx.org", "dist", "htmx.min.js"), join(target, "htmx.min.js"));
}

async function icons() {
  const list = await readFile(join(source, "icons.txt"), "utf8");
  const names = list.split("\n").filter((line) => line && !line.startsWith("#"));
  const symbols = await Promise.all(
    names.map(async (name) => {
      const svg = await readFile(join(packages, "bootstrap-icons", "icons", `${name}.svg`), "utf8");
      const inner = svg.replace(/^[\s\S]*?<svg[^>]*>/, "").replace(/<\/svg>\s*$/, "");
      return `<symbol id="${name}" viewBox="0 0 16 16">${inner.replace(/\s*\n\s*/g, "")}</symbol>`;
    }),
  );
  await writeFile(join(target, "icons.svg"), `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`);
}

async function weigh() {
  const files = ["parvis.css", "parvis.js", "htmx.min.js"];
  const sizes = await Promise.all(files.map(async (name) => gzipSync(await readFile(join(target, name))).length));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  console.log(files.map((name, at) => `${name} ${(sizes[at] / 1024).toFixed(1)} KB`).join(", "), "(compressed)");
  if (total > FIRST_VIEW_LIMIT) throw new Error(`First view is ${total} bytes; the limit is ${FIRST_VIEW_LIMIT}.`);
}

// Files are replaced, never taken away first: a running Parvis goes on serving them.
await mkdir(target, { recursive: true });
await Promise.all([styles(), scripts(), icons(), copyFile(join(source, "favicon.svg"), join(target, "favicon.svg"))]);
await weigh();
