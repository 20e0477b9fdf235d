#!/usr/bin/env python3
"""Pairs of photographs whose place on each other is known, and what we, ORB and SIFT make of them.

    pairs.py make FOLDER [--each 9] [--unrelated 48] [--seed 1]   writes the pairs and pairs.json
    pairs.py rivals FOLDER                                        OpenCV's ORB and SIFT with RANSAC -> rivals.json
    pairs.py table FOLDER                                         one table of all

The limit was set on `--each 30 --unrelated 300 --seed 7`; `--each 45 --unrelated 480 --seed 11` tells how often it fails.
Between `make` and `table` runs `cargo run --release -p imaging --example registration FOLDER`, which writes ours.json
and live.json.
Every call moves into a Python environment of its own under var/, made once from PyPI. The photographs come with scikit-image and
scikit-learn, and as portraits with face_recognition's source package (public domain, official portraits); none is kept in the
repository.
"""

import argparse, json, math, os, subprocess, sys, tarfile, time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
HOME = ROOT / "var" / "pairs"
WIDTH, HEIGHT = 1200, 900
PACKAGES = ["scikit-image", "scikit-learn", "opencv-python-headless", "numpy", "pillow", "wheel", "setuptools<80"]


def environment():
    """Runs this again inside the environment, which it makes where it is missing."""
    python = HOME / "venv" / "bin" / "python"
    if not (HOME / "ready").exists():
        HOME.mkdir(parents=True, exist_ok=True)
        subprocess.check_call([sys.executable, "-m", "venv", HOME / "venv"])
        subprocess.check_call([python, "-m", "pip", "install", "--quiet", *PACKAGES])
        download = [python, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:", "--no-build-isolation"]
        subprocess.check_call([*download, "--dest", HOME, "face_recognition==1.3.0"])
        with tarfile.open(HOME / "face_recognition-1.3.0.tar.gz") as archive:
            for member in archive.getmembers():
                if member.name.endswith(("test_images/obama.jpg", "test_images/biden.jpg", "test_images/obama2.jpg")):
                    (HOME / Path(member.name).name).write_bytes(archive.extractfile(member).read())
        (HOME / "ready").touch()
    if Path(sys.prefix).resolve() != (HOME / "venv").resolve():
        os.execv(python, [str(python), *sys.argv])


environment()
import cv2
import numpy as np
import skimage.data
import sklearn.datasets

cv2.setNumThreads(1)

CLASSES = ["plain", "noise", "jpeg", "exposure", "cast", "hair", "background", "blur", "dark", "smooth", "mixed", "faint", "shading", "bent", "severe"]
# For crops of one texture that do not overlap.
TEXTURES = ["brick", "grass", "gravel", "cell", "ihc", "hubble", "chelsea", "retina", "moon", "flower"]
# Where skin is: (left, top, right, bottom) in parts of the picture.
SKIN = {"astronaut": (0.30, 0.05, 0.58, 0.50), "obama": (0.30, 0.12, 0.75, 0.75), "biden": (0.25, 0.10, 0.75, 0.75), "obama2": (0.25, 0.1, 0.75, 0.8)}


def scenes():
    found = {}
    for name in ["astronaut", "brick", "camera", "cell", "chelsea", "coffee", "coins", "grass", "gravel", "moon", "retina", "rocket"]:
        found[name] = getattr(skimage.data, name)()
    found["hubble"] = skimage.data.hubble_deep_field()
    found["ihc"] = skimage.data.immunohistochemistry()
    found["motorcycle"] = skimage.data.stereo_motorcycle()[0]
    for name in ["china", "flower"]:
        found[name] = sklearn.datasets.load_sample_image(name + ".jpg")
    for name in ["obama", "biden", "obama2"]:
        found[name] = cv2.cvtColor(cv2.imread(str(HOME / (name + ".jpg"))), cv2.COLOR_BGR2RGB)
    for name, picture in found.items():
        if picture.ndim == 2:
            picture = np.stack([picture] * 3, axis=2)
        found[name] = np.ascontiguousarray(picture[..., :3])
    return found


def linear(scale, angle):
    return scale * np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])


def frame(scene, place):
    """The scene through `place`: (2 x 2, offset), from points in widths from the frame's middle to the scene's pixels."""
    matrix, offset = place
    step = matrix / WIDTH
    first = offset + matrix @ np.array([0.5 / WIDTH - 0.5, (0.5 - HEIGHT / 2) / WIDTH]) - 0.5
    inverse = np.column_stack([step, first])
    source = scene
    size = math.sqrt(abs(np.linalg.det(step)))
    if size > 1.2:
        source = cv2.GaussianBlur(scene, (0, 0), 0.45 * size)
    return cv2.warpAffine(source, inverse, (WIDTH, HEIGHT), flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REFLECT)


def inside(scene, place, box=(0, 0, 1, 1)):
    matrix, offset = place
    half = HEIGHT / WIDTH / 2
    corners = np.array([[x, y] for x in (-0.5, 0.5) for y in (-half, half)]) @ matrix.T + offset
    size = np.array([scene.shape[1], scene.shape[0]])
    low, high = np.array(box[:2]) * size, np.array(box[2:]) * size
    return (corners >= low + 1).all() and (corners <= high - 2).all()


def drawn(random):
    """A similarity of the whole range, moving onto fixed."""
    return {
        "scale": math.exp(random.uniform(math.log(0.85), math.log(1.15))),
        "rotation": math.radians(random.uniform(-10, 10)),
        "shift_x": random.uniform(-0.15, 0.15),
        "shift_y": random.uniform(-0.15, 0.15) * HEIGHT / WIDTH,
    }


def view(scene, random, low=0.5, high=0.68, box=(0, 0, 1, 1)):
    """Somewhere in the scene, `low`-`high` of what the box holds."""
    width, height = scene.shape[1] * (box[2] - box[0]), scene.shape[0] * (box[3] - box[1])
    size = min(width, height * WIDTH / HEIGHT) * random.uniform(low, high)
    offset = np.array([scene.shape[1] * box[0] + random.uniform(0, width), scene.shape[0] * box[1] + random.uniform(0, height)])
    return linear(size, math.radians(random.uniform(-5, 5))), offset


def composed(place, truth):
    matrix, offset = place
    return matrix @ linear(truth["scale"], truth["rotation"]), offset + matrix @ np.array([truth["shift_x"], truth["shift_y"]])


def detail(picture):
    small = cv2.GaussianBlur(cv2.resize(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), (300, 225), interpolation=cv2.INTER_AREA), (0, 0), 1).astype(np.float32)
    return float(np.median(np.hypot(cv2.Sobel(small, cv2.CV_32F, 1, 0), cv2.Sobel(small, cv2.CV_32F, 0, 1))))


def related(scene, random, smooth):
    best = None
    for _ in range(4000):
        fixed, truth = view(scene, random, *((0.3, 0.45) if smooth else (0.5, 0.68))), drawn(random)
        moving = composed(fixed, truth)
        if not (inside(scene, fixed) and inside(scene, moving)):
            continue
        pictures = frame(scene, fixed), frame(scene, moving)
        if not smooth:
            return *pictures, truth
        # Of some, the one with least in it.
        here = detail(pictures[0]), pictures, truth
        if best is None or here[0] < best[1][0]:
            best = ((best[0] if best else 0) + 1, here)
        else:
            best = (best[0] + 1, best[1])
        if best[0] >= 8:
            return *best[1][1], best[1][2]
    raise RuntimeError("no view found")


def exposed(picture, gains):
    light = np.where(picture <= 10, picture / 255 / 12.92, ((picture / 255 + 0.055) / 1.055) ** 2.4) * np.asarray(gains)
    light = np.clip(light, 0, 1)
    return 255 * np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)


def hairy(picture, random):
    picture = picture.copy()
    for _ in range(random.integers(40, 90)):
        start = random.uniform([0, 0], [WIDTH, HEIGHT])
        angle, bend = random.uniform(0, 2 * math.pi), random.uniform(-0.04, 0.04)
        points = [start]
        for _ in range(random.integers(6, 20)):
            angle += bend
            points.append(points[-1] + 12 * np.array([math.cos(angle), math.sin(angle)]))
        colour = tuple(float(c) for c in random.uniform(15, 70) * np.array([1.1, 1.0, 0.9]))
        cv2.polylines(picture, [np.int32(np.array(points) * 8)], False, colour, int(random.integers(1, 4)), cv2.LINE_AA, 3)
    return picture


def replaced(picture, other, random):
    """Another background on one or two sides, with a soft border."""
    mask = np.zeros((HEIGHT, WIDTH), np.float32)
    for side in random.choice(4, size=random.integers(1, 3), replace=False):
        depth = random.uniform(0.15, 0.3)
        edge = np.cumsum(random.normal(0, 3, max(WIDTH, HEIGHT))) + depth * (WIDTH if side % 2 == 0 else HEIGHT)
        along, across = (np.arange(WIDTH)[None, :], edge[:HEIGHT, None]) if side % 2 == 0 else (np.arange(HEIGHT)[:, None], edge[None, :WIDTH])
        if side >= 2:
            along = along[:, ::-1] if side % 2 == 0 else along[::-1]
        mask = np.maximum(mask, (along < across).astype(np.float32))
    mask = cv2.GaussianBlur(mask, (0, 0), 3)[..., None]
    return picture * (1 - mask) + other * mask


def degraded(kind, fixed, moving, scenes, name, random):
    """Both pictures as they would be taken, and the quality they are stored with."""
    fixed, moving = fixed.astype(np.float64), moving.astype(np.float64)
    quality = 92
    sign = random.choice([-1, 1])
    if kind in ("bent", "severe"):
        moving = bent(moving, random)
    if kind in ("shading", "severe"):
        moving = shaded(moving, random)
    if kind in ("exposure", "mixed", "smooth"):
        moving = exposed(moving, 2.0 ** (sign * (0.5 if kind == "exposure" else random.uniform(0, 0.5))))
    if kind in ("cast", "mixed", "severe"):
        moving = exposed(moving, 2.0 ** random.uniform(-0.3, 0.3, 3))
    if kind in ("hair", "mixed", "severe"):
        fixed, moving = hairy(fixed, random), hairy(moving, random)
    if kind in ("background", "mixed", "severe"):
        other = random.choice([key for key in scenes if key != name])
        moving = replaced(moving, cv2.resize(scenes[other], (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC), random)
    if kind == "blur":
        moving = cv2.GaussianBlur(moving, (0, 0), random.uniform(3, 6))
    if kind == "severe":
        moving = exposed(cv2.GaussianBlur(moving, (0, 0), random.uniform(1, 3)), 2.0 ** -random.uniform(0.5, 2))
    if kind == "dark":
        fixed, moving = exposed(fixed, 2.0 ** -random.uniform(2, 3.5)), exposed(moving, 2.0 ** -random.uniform(2.5, 4.5))
    if kind == "faint":
        # Little contrast, as skin in flat light.
        fixed, moving = (150 + (picture - picture.mean(axis=(0, 1))) * random.uniform(0.08, 0.15) for picture in (fixed, moving))
    if kind in ("jpeg", "severe"):
        quality = 60
    if kind == "mixed":
        quality = 70
    sigma = {"noise": random.uniform(8, 14), "dark": 3, "mixed": 4, "severe": 6, "faint": 2, "smooth": 2}.get(kind, 1)
    fixed, moving = (picture + random.normal(0, sigma, picture.shape) for picture in (fixed, moving))
    return tuple(np.clip(np.rint(picture), 0, 255).astype(np.uint8) for picture in (fixed, moving)), quality


def shaded(picture, random):
    """Lit from another side: up to a stop and a half from one border to the other, and a soft spot."""
    x, y = np.meshgrid(np.linspace(-0.5, 0.5, WIDTH), np.linspace(-0.375, 0.375, HEIGHT))
    angle, (u, v) = random.uniform(0, 2 * math.pi), random.uniform(-0.4, 0.4, 2)
    stops = 1.5 * (x * math.cos(angle) + y * math.sin(angle)) + random.uniform(-0.7, 0.7) * np.exp(-((x - u) ** 2 + (y - v) ** 2) / 0.05)
    return exposed(picture, 2.0 ** stops[..., None])


def bent(picture, random):
    """As a face that moved: up to half a percent of the width, smoothly, no shift in the mean."""
    field = random.normal(0, 1, (HEIGHT // 30, WIDTH // 30, 2)).astype(np.float32)
    field = cv2.resize(cv2.GaussianBlur(field, (0, 0), 3), (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)
    field -= field.mean(axis=(0, 1))
    field *= 0.005 * WIDTH / np.abs(field).max()
    x, y = np.meshgrid(np.arange(WIDTH, dtype=np.float32), np.arange(HEIGHT, dtype=np.float32))
    return cv2.remap(picture, x + field[..., 0], y + field[..., 1], cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT)


def apart(one, two):
    """Whether what the two frames show does not overlap."""
    reach = math.hypot(1, HEIGHT / WIDTH) / 2
    radius = (math.sqrt(np.linalg.det(one[0])) + math.sqrt(np.linalg.det(two[0]))) * reach
    return np.hypot(*(one[1] - two[1])) > radius


def strangers(all_scenes, random, kind):
    names = sorted(all_scenes)
    for _ in range(20000):
        if kind == "other picture":
            one, two = random.choice(names, 2, replace=False)
            places = view(all_scenes[one], random), view(all_scenes[two], random)
            boxes = (0, 0, 1, 1), (0, 0, 1, 1)
        elif kind == "same texture":
            one = two = random.choice(TEXTURES)
            places = tuple(view(all_scenes[one], random, 0.3, 0.42) for _ in range(2))
            boxes = (0, 0, 1, 1), (0, 0, 1, 1)
        else:
            one, two = random.choice(sorted(SKIN)), random.choice(sorted(SKIN))
            boxes = SKIN[one], SKIN[two]
            low, high = (0.28, 0.4) if one == two else (0.3, 0.95)
            places = view(all_scenes[one], random, low, high, boxes[0]), view(all_scenes[two], random, low, high, boxes[1])
        fine = inside(all_scenes[one], places[0], boxes[0]) and inside(all_scenes[two], places[1], boxes[1])
        if fine and (one != two or apart(*places)):
            return (frame(all_scenes[one], places[0]), frame(all_scenes[two], places[1])), f"{one}/{two}"
    raise RuntimeError("no view found")


def make(folder, each, unrelated, seed):
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(seed)
    photographs = scenes()
    names = sorted(photographs)
    pairs = []

    def keep(pictures, quality, **what):
        number = len(pairs)
        for picture, which in zip(pictures, ("fixed", "moving")):
            name = f"{number:04}-{which}.jpg"
            cv2.imwrite(str(folder / name), cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, quality])
            what[which] = name
        pairs.append(what)

    for kind in CLASSES:
        order = [names[i % len(names)] for i in random.permutation(max(each, len(names)))][:each]
        for name in order:
            fixed, moving, truth = related(photographs[name], random, kind == "smooth")
            pictures, quality = degraded(kind, fixed, moving, photographs, name, random)
            keep(pictures, quality, kind=kind, scene=name, truth=truth)
    kinds = ["other picture", "same texture", "other skin"]
    for number in range(unrelated):
        kind = kinds[number % len(kinds)]
        pictures, scene = strangers(photographs, random, kind)
        pictures, quality = degraded(random.choice(["plain", "noise", "jpeg", "exposure"]), *pictures, photographs, "", random)
        keep(pictures, quality, kind=kind, scene=scene, truth=None)
    (folder / "pairs.json").write_text(json.dumps(pairs, indent=0))


def by_features(detector, norm, one, two):
    """`[scale, rotation, shift_x, shift_y]`, moving onto fixed in widths from the middles, or None."""
    (points1, words1), (points2, words2) = (detector.detectAndCompute(picture, None) for picture in (one, two))
    if words1 is None or words2 is None or len(words1) < 2 or len(words2) < 2:
        return None
    matches = [m for m in cv2.BFMatcher(norm).knnMatch(words2, words1, k=2) if len(m) == 2]
    good = [m for m, n in matches if m.distance < 0.8 * n.distance]
    if len(good) < 8:
        return None
    source = np.float32([points2[m.queryIdx].pt for m in good])
    target = np.float32([points1[m.trainIdx].pt for m in good])
    matrix, inliers = cv2.estimateAffinePartial2D(source, target, method=cv2.RANSAC, ransacReprojThreshold=3)
    if matrix is None or inliers.sum() < 12:
        return None
    middle = np.array([(WIDTH - 1) / 2, (HEIGHT - 1) / 2])
    shift = (matrix[:, :2] @ middle + matrix[:, 2] - middle) / WIDTH
    return [float(np.hypot(matrix[0, 0], matrix[1, 0])), float(math.atan2(matrix[1, 0], matrix[0, 0])), *map(float, shift)]


def rivals(folder):
    pairs = json.loads((folder / "pairs.json").read_text())
    # By default ORB looks at 500 places.
    detectors = {"ORB": (cv2.ORB_create(2000), cv2.NORM_HAMMING), "SIFT": (cv2.SIFT_create(), cv2.NORM_L2)}
    results = {name: [] for name in detectors}
    for pair in pairs:
        pictures = [cv2.imread(str(folder / pair[which])) for which in ("fixed", "moving")]
        for name, (detector, norm) in detectors.items():
            cv2.setRNGSeed(1)
            start = time.perf_counter()
            grey = [cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY) for picture in pictures]
            found = by_features(detector, norm, *grey)
            results[name].append({"ok": found is not None, "similarity": found, "ms": (time.perf_counter() - start) * 1000})
    (folder / "rivals.json").write_text(json.dumps(results))


def error(truth, found):
    """The mean displacement of the overlap's points, in widths."""
    half = HEIGHT / WIDTH / 2
    x, y = np.meshgrid(np.linspace(-0.5, 0.5, 17), np.linspace(-half, half, 13))
    points = np.stack([x.ravel(), y.ravel()])
    true = linear(truth["scale"], truth["rotation"]) @ points + np.array([[truth["shift_x"]], [truth["shift_y"]]])
    points, true = points[:, both := (abs(true[0]) <= 0.5) & (abs(true[1]) <= half)], true[:, both]
    ours = linear(found[0], found[1]) @ points + np.array([[found[2]], [found[3]]])
    return float(np.hypot(*(ours - true)).mean())


def row(pairs, results):
    errors = [error(p["truth"], r["similarity"]) for p, r in zip(pairs, results) if p["truth"] and r["ok"]]
    known = sum(1 for p in pairs if p["truth"])
    right = [e for e in errors if e <= 0.01]
    false = len(errors) - len(right) + sum(1 for p, r in zip(pairs, results) if not p["truth"] and r["ok"])
    median, late = (f"{100 * np.quantile(errors, q):.3f}" if errors else "-" for q in (0.5, 0.95))
    ms = np.median([r["ms"] for r in results])
    return f"{f'{len(right)}/{known}' if known else '':>9} {median:>7} {late:>7} {false:>5} {ms:>6.0f}"


def table(folder):
    pairs = json.loads((folder / "pairs.json").read_text())
    columns = {"ours": json.loads((folder / "ours.json").read_text()), "ours, live at 320": json.loads((folder / "live.json").read_text())}
    if (folder / "rivals.json").exists():
        columns |= json.loads((folder / "rivals.json").read_text())
    head = f"{'right':>9} {'median':>7} {'p95 %':>7} {'false':>5} {'ms':>6}"
    print(" " * 16 + "  |".join(f" {name:^38}" for name in columns))
    print(" " * 16 + "  |".join(f" {head}" for _ in columns))
    groups = {kind: [i for i, p in enumerate(pairs) if p["kind"] == kind] for kind in dict.fromkeys(p["kind"] for p in pairs)}
    groups["all related"] = [i for i, p in enumerate(pairs) if p["truth"]]
    groups["all unrelated"] = [i for i, p in enumerate(pairs) if not p["truth"]]
    groups["all"] = list(range(len(pairs)))
    for name, members in groups.items():
        cells = [row([pairs[i] for i in members], [column[i] for i in members]) for column in columns.values()]
        print(f"{name:<16}" + "  |".join(f" {cell}" for cell in cells))
    print("median, p95: mean displacement in percent of the width, of all successes; false: off by more than 1 %, or of strangers")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=["make", "rivals", "table"])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--each", type=int, default=9)
    parser.add_argument("--unrelated", type=int, default=48)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    if asked.what == "make":
        make(asked.folder, asked.each, asked.unrelated, asked.seed)
    elif asked.what == "rivals":
        rivals(asked.folder)
    else:
        table(asked.folder)
