// How fast the server makes thumbnails, beside sharp, which is what others use: the same pictures, all cores, turn by turn.
//   node end2end/bench/thumbnails.mjs [folder of JPEGs at most 2560 pixels wide and high]
// Called by `cargo xtask bench`, which builds the example it drives.
// Prints a table and asserts nothing: machines are noisy, only figures of one run compare.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { performance } from "node:perf_hooks";
import sharp from "sharp";

const ROUNDS = 5;
const SECONDS = 3;
const PICTURES = 8;
const SIDE = 360;
const root = resolve(import.meta.dirname, "../..");
const program = join(process.env.CARGO_TARGET_DIR ?? join(root, "target"), "release/examples/thumbnails");

// Each picture on one core, as many pictures at once as there are cores.
sharp.concurrency(1);
sharp.cache(false);

const given = process.argv[2];
const folder = given ?? mkdtempSync(join(tmpdir(), "cad-thumbnails-"));
try {
  if (!given) await paint(folder);
  const files = readdirSync(folder).filter((name) => /\.jpe?g$/.test(name)).map((name) => readFileSync(join(folder, name)));
  const bytes = files.reduce((sum, file) => sum + file.length, 0) / files.length;
  console.log(`${files.length} pictures of ${Math.round(bytes / 1024)} KiB on average, ${availableParallelism()} cores`);
  const told = { cadence: [], sharp: [], keeping: [] };
  for (let round = 0; round < ROUNDS; round++) {
    told.cadence.push(ours());
    told.sharp.push(await theirs(files));
    told.keeping.push(ours("--keep"));
  }
  const middle = (figures) => figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)];
  for (const [who, figures] of Object.entries(told)) {
    console.log(`${who.padEnd(8)} ${middle(figures).toFixed(1).padStart(7)} a second   (${figures.map((one) => one.toFixed(1)).join(" ")})`);
  }
  console.log(`cadence against sharp: ${(middle(told.cadence) / middle(told.sharp)).toFixed(2)}`);
} finally {
  if (!given) rmSync(folder, { recursive: true });
}

function ours(...more) {
  const line = execFileSync(program, [folder, "--seconds", String(SECONDS), ...more], { encoding: "utf8" });
  return JSON.parse(line).per_second;
}

async function theirs(files) {
  const began = performance.now();
  let next = 0;
  const one = async () => {
    while (performance.now() - began < SECONDS * 1000) {
      const file = files[next++ % files.length];
      await sharp(file).rotate().resize(SIDE, SIDE, { fit: "inside" }).jpeg({ quality: 80 }).toBuffer();
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, one));
  return (next * 1000) / (performance.now() - began);
}

/** Stand-ins for photographs of skin: soft shapes, pores and a sensor's grain, in landscape and portrait. */
async function paint(into) {
  for (let n = 0; n < PICTURES; n++) {
    const [width, height] = n % 2 ? [1920, 2560] : [2560, 1920];
    const noise = (divisor, sigma, mean) =>
      sharp({ create: { width: Math.ceil(width / divisor), height: Math.ceil(height / divisor), channels: 3, noise: { type: "gaussian", mean, sigma } } })
        .resize(width, height, { fit: "fill", kernel: "cubic" })
        .png({ compressionLevel: 1 })
        .toBuffer();
    const layers = await Promise.all([noise(200, 40, 128), noise(12, 14, 128), noise(2, 9, 128)]);
    const skin = await sharp({ create: { width, height, channels: 3, background: { r: 205, g: 160, b: 138 } } })
      .composite(layers.map((input) => ({ input, blend: "soft-light" })))
      .jpeg({ quality: 90, chromaSubsampling: "4:2:0" })
      .toBuffer();
    writeFileSync(join(into, `${n}.jpg`), skin);
  }
}
