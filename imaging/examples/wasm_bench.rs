//! What `wasm_bench.mjs` beside this times in WebAssembly: pictures are made here, so that nothing has to be handed over.
//!
//! `cargo build --release --target wasm32-unknown-unknown -p imaging --example wasm_bench`, with `-C target-feature=+simd128`, then
//! `node imaging/examples/wasm_bench.mjs TARGET/wasm32-unknown-unknown/release/examples/wasm_bench.wasm`.

#![expect(unsafe_code, reason = "exports need names that are left as they are")]

use imaging::{Luma, Photo, Picture, Similarity, differences, register};
use std::cell::RefCell;

/// How the second picture lies on the first.
const TRUTH: Similarity = Similarity { scale: 1.07, rotation: 0.1, shift_x: 0.06, shift_y: -0.04 };

#[derive(Default)]
struct Bench {
    width: usize,
    height: usize,
    fixed: Vec<u8>,
    moving: Vec<u8>,
    baseline: Option<Photo>,
}

thread_local! {
    static BENCH: RefCell<Bench> = RefCell::default();
}

/// Makes the two pictures.
#[unsafe(no_mangle)]
pub extern "C" fn prepare(width: usize, height: usize, related: bool) {
    let fixed = drawn(width, height, &Similarity::IDENTITY, 1);
    let moving = drawn(width, height, &TRUTH, if related { 1 } else { 2 });
    BENCH.set(Bench { width, height, fixed, moving, baseline: None });
}

/// Brightness and registration of both; the error in widths, −1 where there is no registration.
#[unsafe(no_mangle)]
pub extern "C" fn registered() -> f32 {
    BENCH.with_borrow(|bench| {
        let luma = |rgba| Luma::of(&Picture::new(bench.width, bench.height, rgba).expect("its size"), 800);
        let aspect = bench.height as f32 / bench.width as f32;
        register(&luma(&bench.fixed), &luma(&bench.moving)).map_or(-1.0, |found| found.similarity.distance(&TRUTH, aspect))
    })
}

/// Only the brightness of both.
#[unsafe(no_mangle)]
pub extern "C" fn brightness() -> f32 {
    BENCH.with_borrow(|bench| {
        let luma = |rgba| Luma::of(&Picture::new(bench.width, bench.height, rgba).expect("its size"), 800);
        luma(&bench.fixed).values()[0] + luma(&bench.moving).values()[0]
    })
}

/// What the camera asks at each frame; the baseline is made ready at the first call.
#[unsafe(no_mangle)]
pub extern "C" fn compared(longest: usize) -> f32 {
    BENCH.with_borrow_mut(|bench| {
        let photo = |rgba| Photo::of(&Picture::new(bench.width, bench.height, rgba).expect("its size"), longest);
        let baseline = bench.baseline.get_or_insert_with(|| photo(&bench.fixed));
        let found = differences(Some(baseline), &photo(&bench.moving));
        if found.registered { found.scale_percent } else { f32::NAN }
    })
}

/// A smooth random texture on several scales, seen through `place`, with noise.
fn drawn(width: usize, height: usize, place: &Similarity, seed: u32) -> Vec<u8> {
    let mut rgba = Vec::with_capacity(width * height * 4);
    let mut state = seed;
    for y in 0..height {
        for x in 0..width {
            let point = [(x as f32 + 0.5) / width as f32 - 0.5, (y as f32 + 0.5 - height as f32 / 2.0) / width as f32];
            let [u, v] = place.map(point);
            let wave: f32 = [6.0, 14.0, 33.0, 90.0].iter().map(|octave| smooth(u * octave, v * octave, seed) * 60.0 / octave.sqrt()).sum();
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let value = (128.0 + wave + (state >> 29) as f32) as u8;
            rgba.extend([value, value, value, 255]);
        }
    }
    rgba
}

/// Random values at whole points, smoothly joined; −1…1.
fn smooth(x: f32, y: f32, seed: u32) -> f32 {
    let (left, top) = (x.floor(), y.floor());
    let ease = |t: f32| t * t * (3.0 - 2.0 * t);
    let (fx, fy) = (ease(x - left), ease(y - top));
    let corner = |dx: f32, dy: f32| {
        let mut hash = ((left + dx) as i32 as u32).wrapping_mul(0x9e37_79b1) ^ ((top + dy) as i32 as u32).wrapping_mul(0x85eb_ca77) ^ seed;
        hash = (hash ^ (hash >> 15)).wrapping_mul(0x2c1b_3c6d);
        hash = (hash ^ (hash >> 12)).wrapping_mul(0x297a_2d39);
        ((hash ^ (hash >> 15)) >> 8) as f32 / (1 << 23) as f32 - 1.0
    };
    let upper = corner(0.0, 0.0) + fx * (corner(1.0, 0.0) - corner(0.0, 0.0));
    let lower = corner(0.0, 1.0) + fx * (corner(1.0, 1.0) - corner(0.0, 1.0));
    upper + fy * (lower - upper)
}
