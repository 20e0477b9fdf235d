// A camera that shows a real photograph, as if it had been taken again: from nearer, turned, in another light.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const portrait = resolve(import.meta.dirname, "../imaging/tests/pictures/astronaut.jpg");

/**
 * What is different about a photograph that is taken later.
 * @typedef {{ scale?: number, degrees?: number, right?: number, down?: number, ev?: number, blur?: number, width?: number }} Change
 */

export class FakeCamera {
  folder = mkdtempSync(join(tmpdir(), "cad-camera-"));
  film = join(this.folder, "film.mjpeg");

  /** Arguments for the browser that sees through it. */
  get args() {
    return ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", `--use-file-for-fake-video-capture=${this.film}`];
  }

  /**
   * From the next time the camera is opened. `page` only draws: any page does.
   * @param {import("@playwright/test").Page} page
   * @param {Change} change
   */
  async show(page, change = {}) {
    writeFileSync(this.film, await photograph(page, change));
  }

  /** The same as a file somebody chooses. */
  async file(page, name, change = {}) {
    const path = join(this.folder, name);
    writeFileSync(path, await photograph(page, change));
    return path;
  }

  remove() {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A JPEG. */
export async function photograph(page, change = {}) {
  const source = readFileSync(portrait).toString("base64");
  return Buffer.from(await page.evaluate(draw, { source, change }), "base64");
}

/** Runs in the page. The picture is enlarged first, so that a turned one has no empty corners. */
async function draw({ source, change }) {
  const { scale = 1, degrees = 0, right = 0, down = 0, ev = 0, blur = 0, width = 1280 } = change;
  const picture = new Image();
  picture.src = `data:image/jpeg;base64,${source}`;
  await picture.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width, height: (width * 3) / 4 });
  const brush = canvas.getContext("2d");
  brush.imageSmoothingQuality = "high";
  brush.filter = `brightness(${2 ** (ev / 2.2)}) blur(${blur}px)`;
  brush.scale(width / 1280, width / 1280);
  brush.translate(640 + right * 1280, 480 + down * 1280);
  brush.rotate((degrees * Math.PI) / 180);
  const side = 1800 * scale;
  brush.drawImage(picture, -side / 2 - 60 * scale, -side / 2 + 420 * scale, side, side);
  return canvas.toDataURL("image/jpeg", 0.92).split(",")[1];
}
