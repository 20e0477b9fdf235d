//! How a photograph lies on an earlier one of the same view.

use thiserror::Error;

pub use crate::verify::Evidence;
use crate::{
    coarse::{self, Candidate},
    field,
    luma::{Luma, columns_for},
    refine::{Fit, Marks},
    similarity::Similarity,
    verify,
};

/// The smallest longer side that is registered.
const SMALLEST: usize = 64;

/// The moving photograph's place on the fixed one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Registration {
    /// From the moving picture onto the fixed one.
    pub similarity: Similarity,
    /// 0.5 at the limit below which nothing is registered, towards 1 where all parts of the pictures agree.
    pub confidence: f32,
    pub evidence: Evidence,
}

/// Why there is no registration. None of these is a fault: another view, another person, too dark a picture.
#[derive(Clone, Copy, Debug, PartialEq, Error)]
pub enum Unregistered {
    #[error("the picture is too small: its longer side needs {SMALLEST} pixels")]
    TooSmall,
    #[error("there is nothing in the picture to go by")]
    Featureless,
    #[error("no place was found where the pictures fit")]
    NoMatch,
    #[error("the pictures fit at several places")]
    Ambiguous,
    #[error("they would fit only turned, scaled or shifted farther than is looked for")]
    OutOfRange,
}

/// Finds the similarity that lays `moving` on `fixed`: rotations up to 14°, scales from 0.8 to 1.25, shifts up to 0.19 of each side.
/// 800 pixels at the longer side are enough, more are not used. The planes may differ in size.
pub fn register(fixed: &Luma, moving: &Luma) -> Result<Registration, Unregistered> {
    run(fixed, moving, &THOROUGH)
}

/// The same in a fraction of the time, a few times less exact: for live hints. 320 pixels at the longer side are enough.
pub fn register_roughly(fixed: &Luma, moving: &Luma) -> Result<Registration, Unregistered> {
    run(fixed, moving, &ROUGH)
}

/// What is found before it is judged, for measuring the judgement.
#[doc(hidden)]
pub fn guess(fixed: &Luma, moving: &Luma) -> Result<Guess, Unregistered> {
    find(fixed, moving, &THOROUGH)
}

#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Guess {
    pub similarity: Similarity,
    pub evidence: Evidence,
    /// The score of the next best place, in parts of the best's.
    pub rival: f32,
    pub correlation: f32,
    pub overlap: f32,
    pub coarse: f32,
}

struct Effort {
    /// Places that are refined at the coarsest level.
    candidates: usize,
    /// Of them, those that are refined at the next.
    finalists: usize,
    /// The longer sides of the levels after the coarsest: (side, tile of the marks, steps).
    levels: &'static [(usize, usize, usize)],
}

const THOROUGH: Effort = Effort { candidates: 12, finalists: 4, levels: &[(216, 2, 10), (432, 2, 8), (800, 4, 6)] };
const ROUGH: Effort = Effort { candidates: 6, finalists: 2, levels: &[(216, 2, 8), (320, 2, 5)] };

/// At which the blocks are asked.
const ASKED: usize = 432;

fn run(fixed: &Luma, moving: &Luma, effort: &Effort) -> Result<Registration, Unregistered> {
    let guess = find(fixed, moving, effort)?;
    judged(&guess)
}

fn judged(guess: &Guess) -> Result<Registration, Unregistered> {
    let Similarity { scale, rotation, .. } = guess.similarity;
    if guess.evidence.blocks < 8 || guess.evidence.agreement() < 0.35 {
        return Err(Unregistered::NoMatch);
    }
    if !(0.78..=1.28).contains(&scale) || rotation.abs() > 0.27 {
        return Err(Unregistered::OutOfRange);
    }
    let confidence = (0.5 + 0.5 * (guess.evidence.agreement() - 0.35) / 0.65).clamp(0.0, 1.0);
    Ok(Registration { similarity: guess.similarity, confidence, evidence: guess.evidence })
}

fn find(fixed: &Luma, moving: &Luma, effort: &Effort) -> Result<Guess, Unregistered> {
    let available = available(fixed, moving);
    if available < SMALLEST {
        return Err(Unregistered::TooSmall);
    }
    let pyramid = |side: usize| {
        // One unit for both, so that a similarity means the same at every level: pixels a width.
        let columns = columns_for(fixed.width(), fixed.height(), side.min(available)).min(moving.width());
        (fixed.shrunk(columns), moving.shrunk(columns))
    };
    let (small_fixed, small_moving) = pyramid(coarse::SIDE);
    if small_moving.height() > crate::fft::N || small_fixed.height() < 24 || small_moving.height() < 24 {
        return Err(Unregistered::NoMatch);
    }
    let (small_fixed, small_moving) = (field::levelled(&small_fixed, 6), field::levelled(&small_moving, 6));
    let (soft_fixed, soft_moving) = (field::softened(&small_fixed), field::softened(&small_moving));
    let found = coarse::candidates(&soft_fixed, &soft_moving, effort.candidates);
    let first = found.first().map_or(0.0, |candidate| candidate.score);

    let aspect = fixed.height() as f32 / fixed.width() as f32;
    let width = small_fixed.width();
    let soft = Marks::of(&soft_fixed, 2);
    let sharp = Marks::of(&small_fixed, 2);
    let refined = found.iter().filter_map(|candidate| {
        let fit = soft.refined(width, &soft_moving, &candidate.similarity, 12)?;
        sharp.refined(width, &small_moving, &fit.similarity, 5)
    });
    let mut places = best_of(refined, effort.finalists, 2.0 / width as f32, aspect);

    let mut asked = None;
    let mut last = None;
    let mut rival = 0.0;
    for (level, (side, tile, steps)) in effort.levels.iter().enumerate() {
        if level > 0 && *side > available && available <= effort.levels[level - 1].0 {
            break;
        }
        let (fixed, moving) = pyramid(*side);
        let radius = 4 + side / 72;
        let (fixed, moving) = (field::levelled(&fixed, radius), field::levelled(&moving, radius));
        let marks = Marks::of(&fixed, *tile);
        let refined = places.iter().filter_map(|place| marks.refined(fixed.width(), &moving, &place.similarity, *steps));
        let next = best_of(refined, effort.finalists, 0.01, aspect);
        if level == 0 {
            rival = next.get(1).map_or(0.0, |second| second.score() / next[0].score().max(1e-6));
        }
        places = next;
        places.truncate(1);
        if *side <= ASKED {
            asked = Some((fixed, moving));
        }
        last = places.first().copied();
        if places.is_empty() {
            return Err(Unregistered::NoMatch);
        }
    }
    let (Some(place), Some((fixed, moving))) = (last, asked) else { return Err(Unregistered::NoMatch) };
    let evidence = verify::evidence(&fixed, &moving, &place.similarity);
    let Fit { similarity, correlation, overlap } = place;
    Ok(Guess { similarity, evidence, rival, correlation, overlap, coarse: first })
}

/// The longer side in which both pictures can be compared.
fn available(fixed: &Luma, moving: &Luma) -> usize {
    let columns = fixed.width().min(moving.width());
    columns * fixed.width().max(fixed.height()) / fixed.width()
}

/// The best fits, best first, none within `apart` of a better one.
fn best_of(fits: impl Iterator<Item = Fit>, most: usize, apart: f32, aspect: f32) -> Vec<Fit> {
    let mut fits: Vec<Fit> = fits.filter(|fit| fit.similarity.scale.is_finite()).collect();
    fits.sort_by(|a, b| b.score().total_cmp(&a.score()));
    let candidates = fits.iter().map(|fit| Candidate { similarity: fit.similarity, score: fit.score() }).collect();
    let kept = coarse::distinct(candidates, most, apart, aspect);
    fits.retain(|fit| kept.iter().any(|kept| kept.similarity == fit.similarity));
    fits.dedup_by_key(|fit| (fit.similarity.scale.to_bits(), fit.similarity.shift_x.to_bits()));
    fits
}
