//! Photographs laid on each other, of which it is known how they lie.

use domain::photo::LIMITS;
use imaging::{Differences, Luma, Photo, Picture, Similarity, Unregistered, differences, register, register_roughly};

/// A decoded photograph.
struct Scene {
    width: usize,
    height: usize,
    rgb: Vec<u8>,
}

impl Scene {
    fn opened(name: &str) -> Self {
        let path = format!("{}/tests/pictures/{name}.jpg", env!("CARGO_MANIFEST_DIR"));
        let picture = image::open(path).expect("a committed picture").into_rgb8();
        Self { width: picture.width() as usize, height: picture.height() as usize, rgb: picture.into_raw() }
    }

    /// Where its light changes by chance, for a texture nobody photographed.
    fn texture(seed: u32) -> Self {
        let (width, height) = (500, 400);
        let mut random = Random(seed);
        let waves: Vec<[f32; 4]> =
            (0..60).map(|_| [random.next() * 0.5, random.next() * 0.5, random.next() * 20.0, 9.0 * random.next()]).collect();
        let mut rgb = Vec::new();
        for y in 0..height {
            for x in 0..width {
                let wave = |[u, v, phase, height]: &[f32; 4]| height * (u * x as f32 + v * y as f32 + phase).sin();
                let value = (128.0 + waves.iter().map(wave).sum::<f32>()) as u8;
                rgb.extend([value; 3]);
            }
        }
        Self { width, height, rgb }
    }

    fn at(&self, x: f32, y: f32, channel: usize) -> f32 {
        let (x, y) = (x.clamp(0.0, (self.width - 2) as f32), y.clamp(0.0, (self.height - 2) as f32));
        let (left, top) = (x as usize, y as usize);
        let (fx, fy) = (x - left as f32, y - top as f32);
        let value = |x: usize, y: usize| f32::from(self.rgb[(y * self.width + x) * 3 + channel]);
        let upper = value(left, top) * (1.0 - fx) + value(left + 1, top) * fx;
        let lower = value(left, top + 1) * (1.0 - fx) + value(left + 1, top + 1) * fx;
        upper * (1.0 - fy) + lower * fy
    }

    /// A photograph of the scene around (x, y), `size` pixels of it wide, as `place` lays it on the one of the identity.
    fn seen(&self, [x, y, size]: [f32; 3], place: &Similarity, light: [f32; 3], noise: f32, seed: u32) -> Vec<u8> {
        let mut random = Random(seed);
        let mut rgba = Vec::with_capacity(WIDTH * HEIGHT * 4);
        for row in 0..HEIGHT {
            for column in 0..WIDTH {
                let u = (column as f32 + 0.5) / WIDTH as f32 - 0.5;
                let v = (row as f32 + 0.5 - HEIGHT as f32 / 2.0) / WIDTH as f32;
                let [u, v] = place.map([u, v]);
                for (channel, gain) in light.iter().enumerate() {
                    let value = gain * self.at(x + size * u, y + size * v, channel) + noise * (random.next() + random.next());
                    rgba.push(value.round().clamp(0.0, 255.0) as u8);
                }
                rgba.push(255);
            }
        }
        rgba
    }
}

const WIDTH: usize = 400;
const HEIGHT: usize = 300;
const AS_IT_IS: [f32; 3] = [1.0; 3];

/// The same numbers each time, −1…1.
struct Random(u32);

impl Random {
    fn next(&mut self) -> f32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        (self.0 >> 8) as f32 / (1 << 23) as f32 - 1.0
    }

    /// Of the whole range that is promised.
    fn place(&mut self) -> Similarity {
        Similarity {
            scale: 1.0 + 0.15 * self.next(),
            rotation: 10.0f32.to_radians() * self.next(),
            shift_x: 0.15 * self.next(),
            shift_y: 0.15 * 0.75 * self.next(),
        }
    }
}

fn luma(rgba: &[u8]) -> Luma {
    Luma::of(&Picture::new(WIDTH, HEIGHT, rgba).unwrap(), 800)
}

fn photo(rgba: &[u8], longest: usize) -> Photo {
    Photo::of(&Picture::new(WIDTH, HEIGHT, rgba).unwrap(), longest)
}

/// In percent of the width.
fn error(found: &Similarity, truth: &Similarity) -> f32 {
    100.0 * found.distance(truth, 0.75)
}

#[test]
fn photographs_are_found_in_other_light_and_noise() {
    let views = [("astronaut", [250.0, 230.0, 300.0]), ("chelsea", [225.0, 150.0, 230.0])];
    let mut random = Random(3);
    for (name, view) in views {
        let scene = Scene::opened(name);
        let fixed = luma(&scene.seen(view, &Similarity::IDENTITY, AS_IT_IS, 3.0, 5));
        for number in 0..6 {
            let truth = random.place();
            let moving = luma(&scene.seen(view, &truth, [0.8, 0.7, 0.6], 8.0, 6 + number));
            let found = register(&fixed, &moving).unwrap_or_else(|reason| panic!("{name}, {truth:?}: {reason}"));
            assert!(error(&found.similarity, &truth) < 0.1, "{name}: {truth:?} is not {found:?}");
            assert!(found.confidence > 0.5);
            let roughly = register_roughly(&fixed, &moving).unwrap_or_else(|reason| panic!("{name}, {truth:?}: {reason}"));
            assert!(error(&roughly.similarity, &truth) < 0.5, "{name}: {truth:?} is not {roughly:?}");
        }
    }
}

#[test]
fn both_directions_are_each_others_inverse() {
    let scene = Scene::texture(9);
    let truth = Similarity { scale: 1.1, rotation: -0.12, shift_x: 0.08, shift_y: 0.05 };
    let one = luma(&scene.seen([250.0, 200.0, 300.0], &Similarity::IDENTITY, AS_IT_IS, 1.0, 1));
    let two = luma(&scene.seen([250.0, 200.0, 300.0], &truth, AS_IT_IS, 1.0, 2));
    let there = register(&one, &two).unwrap().similarity;
    let back = register(&two, &one).unwrap().similarity;
    assert!(error(&there, &truth) < 0.05);
    assert!(error(&there.then(&back), &Similarity::IDENTITY) < 0.1);
}

#[test]
fn the_planes_may_differ_in_size() {
    let scene = Scene::opened("astronaut");
    let truth = Similarity { scale: 0.93, rotation: 0.1, shift_x: -0.05, shift_y: 0.04 };
    let one = scene.seen([250.0, 230.0, 300.0], &Similarity::IDENTITY, AS_IT_IS, 1.0, 1);
    let two = scene.seen([250.0, 230.0, 300.0], &truth, AS_IT_IS, 1.0, 2);
    let small = Luma::of(&Picture::new(WIDTH, HEIGHT, &two).unwrap(), 230);
    assert!(error(&register(&luma(&one), &small).unwrap().similarity, &truth) < 0.15);
}

#[test]
fn upright_pictures_are_measured_in_their_own_width() {
    let scene = Scene::opened("astronaut");
    let truth = Similarity { scale: 0.93, rotation: 0.1, shift_x: -0.05, shift_y: 0.04 };
    let upright = |place| {
        let lying = scene.seen([250.0, 230.0, 300.0], place, AS_IT_IS, 1.0, 1);
        // A quarter clockwise: the left column, from its lower end, becomes the upper row.
        let turned: Vec<u8> = (0..WIDTH * HEIGHT)
            .flat_map(|at| {
                let (x, y) = (at % HEIGHT, at / HEIGHT);
                let from = ((HEIGHT - 1 - x) * WIDTH + y) * 4;
                [lying[from], lying[from + 1], lying[from + 2], 255]
            })
            .collect();
        Luma::of(&Picture::new(HEIGHT, WIDTH, &turned).unwrap(), 800)
    };
    let found = register(&upright(&Similarity::IDENTITY), &upright(&truth)).unwrap().similarity;
    let ratio = WIDTH as f32 / HEIGHT as f32;
    let turned = Similarity { shift_x: -truth.shift_y * ratio, shift_y: truth.shift_x * ratio, ..truth };
    assert!(found.distance(&turned, ratio) < 1e-3, "{found:?} is not {turned:?}");
}

#[test]
fn pictures_of_any_size_are_answered() {
    let mut random = Random(7);
    for (width, height) in [(1, 1), (2, 3), (3, 300), (300, 3), (65, 64), (181, 61), (199, 150), (150, 401)] {
        let noise: Vec<u8> = (0..width * height * 4).map(|_| (127.0 + 120.0 * random.next()) as u8).collect();
        let photo = Photo::of(&Picture::new(width, height, &noise).unwrap(), 320);
        let found = differences(Some(&photo), &photo);
        assert!(found.sharpness.is_finite() && found.exposure.mean.is_finite());
        if let Some(registration) = found.registration {
            assert!(error(&registration.similarity, &Similarity::IDENTITY) < 0.1, "{width} by {height}: {registration:?}");
        }
        assert_eq!(found.registered, width.min(height) >= 150, "{width} by {height}: {found:?}");
    }
}

#[test]
fn strangers_are_not_laid_on_each_other() {
    let (astronaut, chelsea) = (Scene::opened("astronaut"), Scene::opened("chelsea"));
    let seen = |scene: &Scene, view| luma(&scene.seen(view, &Similarity::IDENTITY, AS_IT_IS, 2.0, 1));
    let strangers = [
        (seen(&astronaut, [250.0, 230.0, 300.0]), seen(&chelsea, [225.0, 150.0, 230.0])),
        // Two places of one cat's fur, two of one sky.
        (seen(&chelsea, [90.0, 220.0, 120.0]), seen(&chelsea, [370.0, 220.0, 120.0])),
        (seen(&astronaut, [210.0, 90.0, 100.0]), seen(&astronaut, [250.0, 400.0, 100.0])),
        (
            luma(&Scene::texture(1).seen([250.0, 200.0, 300.0], &Similarity::IDENTITY, AS_IT_IS, 1.0, 1)),
            seen(&astronaut, [250.0, 230.0, 300.0]),
        ),
    ];
    for (fixed, moving) in &strangers {
        assert_eq!(register(fixed, moving).map(|found| found.similarity), Err(Unregistered::NoMatch));
        assert_eq!(register_roughly(fixed, moving).map(|found| found.similarity), Err(Unregistered::NoMatch));
    }
}

#[test]
fn what_cannot_be_compared_says_why() {
    let plane = |width, height, value| Luma::from_values(width, height, vec![value; width * height]).unwrap();
    assert_eq!(register(&plane(400, 300, 120.0), &plane(400, 300, 120.0)), Err(Unregistered::Featureless));
    assert_eq!(register(&plane(40, 30, 120.0), &plane(400, 300, 120.0)), Err(Unregistered::TooSmall));
    assert_eq!(register(&plane(400, 300, 120.0), &plane(300, 400, 120.0)), Err(Unregistered::OtherFormat));
}

#[test]
fn differences_name_what_the_photographer_should_change() {
    let scene = Scene::opened("astronaut");
    let view = [250.0, 230.0, 300.0];
    let baseline = photo(&scene.seen(view, &Similarity::IDENTITY, AS_IT_IS, 1.0, 1), 320);
    // What is seen smaller, turned to the left, and to the right below.
    let truth = Similarity { scale: 1.1, rotation: 6.0f32.to_radians(), shift_x: -0.06, shift_y: -0.03 };
    let now = photo(&scene.seen(view, &truth, [0.8, 0.8, 0.8], 1.0, 2), 320);
    let found = differences(Some(&baseline), &now);
    let there = truth.inverse();
    assert!(found.registered);
    assert!((found.scale_percent - 100.0 * (there.scale - 1.0)).abs() < 0.3 && found.scale_percent < -8.0, "{found:?}");
    assert!((found.rotation_degrees + 6.0).abs() < 0.2, "{found:?}");
    assert!((found.shift_percent[0] - 100.0 * there.shift_x).abs() < 0.3 && found.shift_percent[0] > 4.0, "{found:?}");
    assert!((found.shift_percent[1] - 100.0 * there.shift_y).abs() < 0.3, "{found:?}");
    // 0.8 of the coded value is 0.8 to the power of 2.2 or so of the light.
    assert!((found.exposure_ev.unwrap() - 2.25 * 0.8f32.log2()).abs() < 0.12, "{found:?}");
    assert!(found.cast.unwrap().strength() < 0.1, "{found:?}");
    assert!(!blurred(&found), "{found:?}");

    let warm = differences(Some(&baseline), &photo(&scene.seen(view, &truth, [1.0, 0.9, 0.75], 1.0, 2), 320)).cast.unwrap();
    assert!(warm.warm > 0.5 && warm.green.abs() < 0.3, "{warm:?}");
}

/// As somebody is told of it.
fn blurred(seen: &Differences) -> bool {
    let limits = (f32::from(LIMITS.sharpness) / 100.0, f32::from(LIMITS.sharpness_of_baseline) / 100.0);
    seen.sharpness < limits.0 || seen.sharpness_ratio.is_some_and(|ratio| ratio < limits.1)
}

#[test]
fn a_blurred_picture_is_known_with_and_without_a_baseline() {
    for (name, view) in [("astronaut", [250.0, 230.0, 400.0]), ("chelsea", [225.0, 150.0, 380.0])] {
        let scene = Scene::opened(name);
        let sharp = scene.seen(view, &Similarity::IDENTITY, AS_IT_IS, 1.5, 1);
        let mut unsharp = sharp.clone();
        (0..3).for_each(|_| unsharp = averaged(&unsharp, 3));
        let (sharp, unsharp) = (photo(&sharp, 320), photo(&unsharp, 320));
        assert!(!blurred(&differences(None, &sharp)), "{name}: {}", sharp.sharpness());
        assert!(blurred(&differences(None, &unsharp)), "{name}: {}", unsharp.sharpness());
        let against = differences(Some(&sharp), &unsharp);
        assert!(against.registered && blurred(&against) && against.sharpness_ratio.unwrap() < 0.6, "{name}: {against:?}");
        assert!((differences(Some(&sharp), &sharp).sharpness_ratio.unwrap() - 1.0).abs() < 1e-3);
    }
}

#[test]
fn darkness_and_glare_need_no_baseline() {
    let flat = |value: u8| photo(&[value; WIDTH * HEIGHT * 4], 320);
    assert!(differences(None, &flat(20)).exposure.too_dark());
    assert!(differences(None, &flat(252)).exposure.too_bright());
    let fair = differences(None, &flat(120)).exposure;
    assert!(!fair.too_dark() && !fair.too_bright());
    assert!(!differences(None, &flat(120)).registered);
}

/// The mean of (2 · reach + 1)² pixels.
fn averaged(rgba: &[u8], reach: i32) -> Vec<u8> {
    let at = |x: i32, y: i32, c: usize| {
        let (x, y) = (x.clamp(0, WIDTH as i32 - 1) as usize, y.clamp(0, HEIGHT as i32 - 1) as usize);
        u32::from(rgba[(y * WIDTH + x) * 4 + c])
    };
    let count = ((2 * reach + 1) * (2 * reach + 1)) as u32;
    (0..rgba.len())
        .map(|i| {
            let (x, y, c) = ((i / 4 % WIDTH) as i32, (i / 4 / WIDTH) as i32, i % 4);
            let around = (-reach..=reach).flat_map(|dy| (-reach..=reach).map(move |dx| (dx, dy)));
            (around.map(|(dx, dy)| at(x + dx, y + dy, c)).sum::<u32>() / count) as u8
        })
        .collect()
}
