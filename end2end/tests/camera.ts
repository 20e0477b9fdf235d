import type { LaunchOptions, Page } from "@playwright/test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import config from "../playwright.config";

const portrait = resolve(import.meta.dirname, "../../imaging/tests/pictures/astronaut.jpg");

/** What is different about a photograph that is taken later. */
export type Change = { scale?: number; degrees?: number; right?: number; down?: number; ev?: number; blur?: number };

/** A camera that shows a real photograph, as if it had been taken again: from nearer, turned, in another light. */
export class FakeCamera {
  private readonly folder = mkdtempSync(join(tmpdir(), "cad-camera-"));
  private readonly film = join(this.folder, "film.mjpeg");

  /** For a browser that sees through it. Whoever launches it gives the rest. */
  options(more: string[] = []): LaunchOptions {
    const launch = config.use!.launchOptions!;
    const args = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", `--use-file-for-fake-video-capture=${this.film}`];
    return { ...launch, args: [...launch.args!, ...args, ...more] };
  }

  /** From the next time the camera is opened. `page` only draws: any page does. */
  async show(page: Page, change: Change = {}) {
    const source = readFileSync(portrait).toString("base64");
    const jpeg = await page.evaluate(draw, { source, change });
    writeFileSync(this.film, Buffer.from(jpeg, "base64"));
  }

  /** The same as a file somebody chooses. */
  async file(page: Page, name: string, change: Change = {}) {
    const source = readFileSync(portrait).toString("base64");
    const path = join(this.folder, name);
    writeFileSync(path, Buffer.from(await page.evaluate(draw, { source, change }), "base64"));
    return path;
  }

  remove() {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Runs in the page. The picture is enlarged first, so that a turned one has no empty corners. */
async function draw({ source, change }: { source: string; change: Change }): Promise<string> {
  const { scale = 1, degrees = 0, right = 0, down = 0, ev = 0, blur = 0 } = change;
  const picture = new Image();
  picture.src = `data:image/jpeg;base64,${source}`;
  await picture.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width: 1280, height: 960 });
  const brush = canvas.getContext("2d")!;
  brush.imageSmoothingQuality = "high";
  brush.filter = `brightness(${2 ** (ev / 2.2)}) blur(${blur}px)`;
  brush.translate(640 + right * 1280, 480 + down * 1280);
  brush.rotate((degrees * Math.PI) / 180);
  const side = 1800 * scale;
  brush.drawImage(picture, -side / 2 - 60, -side / 2 + 420 * scale, side, side);
  return canvas.toDataURL("image/jpeg", 0.92).split(",")[1];
}
