//! Registers the pairs of a folder that `end2end/bench/registration/pairs.py` made, and writes what came out beside them.
//!
//! `registration FOLDER`: reads `FOLDER/pairs.json`, writes `FOLDER/ours.json`, and what is told of live frames of 320 pixels as
//! `FOLDER/live.json`.

use imaging::{Luma, Picture, Similarity, guess, register, register_roughly};
use std::{path::Path, time::Instant};

fn main() {
    let folder = std::env::args().nth(1).expect("the folder with pairs.json");
    let folder = Path::new(&folder);
    let pairs = std::fs::read(folder.join("pairs.json")).expect("pairs.json");
    let pairs: Vec<serde_json::Value> = serde_json::from_slice(&pairs).expect("a list of pairs");
    let mut live = Vec::with_capacity(pairs.len());
    let mut results = Vec::with_capacity(pairs.len());
    for pair in &pairs {
        let picture = |key: &str| opened(&folder.join(pair[key].as_str().expect("a file's name")));
        let (fixed, moving) = (picture("fixed"), picture("moving"));
        let frames = (luma(&fixed, 320), luma(&moving, 320));
        #[expect(clippy::disallowed_methods, reason = "measures")]
        let start = Instant::now();
        let roughly = register_roughly(&frames.0, &frames.1);
        live.push(serde_json::json!({
            "ok": roughly.is_ok(),
            "ms": start.elapsed().as_secs_f64() * 1000.0,
            "similarity": roughly.ok().map(|found| numbers(&found.similarity)),
        }));
        #[expect(clippy::disallowed_methods, reason = "measures")]
        let start = Instant::now();
        let (fixed, moving) = (luma(&fixed, 800), luma(&moving, 800));
        let outcome = register(&fixed, &moving);
        let ms = start.elapsed().as_secs_f64() * 1000.0;
        let guess = guess(&fixed, &moving).ok();
        let similarity = outcome.as_ref().ok().map(|found| found.similarity).or(guess.map(|guess| guess.similarity));
        results.push(serde_json::json!({
            "ok": outcome.is_ok(),
            "reason": outcome.as_ref().err().map(ToString::to_string),
            "confidence": outcome.as_ref().ok().map(|found| found.confidence),
            "ms": ms,
            "similarity": similarity.as_ref().map(numbers),
            "guess": guess.map(|guess| serde_json::json!({
                "blocks": guess.evidence.blocks,
                "agreeing": guess.evidence.agreeing,
                "block_correlation": guess.evidence.correlation,
                "prominence": guess.evidence.prominence,
                "rival": guess.rival,
                "correlation": guess.correlation,
                "overlap": guess.overlap,
                "coarse": guess.coarse,
            })),
        }));
    }
    for (name, results) in [("ours.json", results), ("live.json", live)] {
        let text = serde_json::to_string(&results).expect("numbers");
        std::fs::write(folder.join(name), text).expect(name);
    }
}

fn numbers(found: &Similarity) -> [f32; 4] {
    [found.scale, found.rotation, found.shift_x, found.shift_y]
}

fn opened(path: &Path) -> image::RgbaImage {
    image::open(path).expect("a picture").into_rgba8()
}

fn luma(picture: &image::RgbaImage, longest: usize) -> Luma {
    let picture = Picture::new(picture.width() as usize, picture.height() as usize, picture.as_raw()).expect("its size");
    Luma::of(&picture, longest)
}
