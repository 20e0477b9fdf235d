//! How a photograph lies on an earlier one of the same view.

use std::ops::RangeInclusive;

use thiserror::Error;

pub use crate::verify::Evidence;
use crate::{
    coarse::{self, Candidate, Grid},
    consensus::{Wish, consensus},
    field,
    luma::{Luma, columns_for},
    refine::{Fit, Marks},
    similarity::Similarity,
    verify,
};

/// The smallest longer side that is registered: it has blocks enough.
const SMALLEST: usize = 180;

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
    #[error("one picture is upright, the other is not")]
    OtherFormat,
    #[error("the pictures fit at several places")]
    Ambiguous,
    #[error("they would fit only turned, scaled or shifted farther than is looked for")]
    OutOfRange,
}

/// Finds the similarity that lays `moving` on `fixed`: rotations up to 14°, scales from 0.8 to 1.25, shifts up to 0.19 of each side.
/// 800 pixels at the longer side are enough, more are not used. The planes may differ in size. Needs some 25 MB of memory meanwhile.
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
    Ok(find(&mut Pyramid::new(fixed, moving)?, &THOROUGH)?.0)
}

#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq)]
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
    /// Places that are refined where the search was, and of them, those that are refined further.
    quick: (usize, usize),
    /// The same for the search in more pixels, of what was not found in few.
    full: Option<(usize, usize)>,
    /// The longer side of the last level.
    finest: usize,
}

const THOROUGH: Effort = Effort { quick: (12, 4), full: Some((16, 5)), finest: 800 };
const ROUGH: Effort = Effort { quick: (8, 3), full: None, finest: ASKED };

/// The longer side at which the blocks are asked; the one before, where there are no more pixels.
const ASKED: usize = 400;

fn run(fixed: &Luma, moving: &Luma, effort: &Effort) -> Result<Registration, Unregistered> {
    let mut pyramid = Pyramid::new(fixed, moving)?;
    let (guess, agreeing) = find(&mut pyramid, effort)?;
    let found = judged(&guess)?;
    Ok(Registration { similarity: polished(&mut pyramid, found.similarity, agreeing.as_deref(), effort), ..found })
}

/// In all pixels. It can only be a little elsewhere: otherwise it ran away.
fn polished(pyramid: &mut Pyramid, similarity: Similarity, agreeing: Option<&[[f32; 2]]>, effort: &Effort) -> Similarity {
    if effort.finest <= ASKED || pyramid.available <= ASKED {
        return similarity;
    }
    let aspect = pyramid.aspect;
    let level = pyramid.level(effort.finest);
    let width = level.fixed.width();
    let some = agreeing.map(|blocks| level.marks.near(blocks, verify::block(ASKED * width / effort.finest), width));
    let fit = some.as_ref().unwrap_or(&level.marks).refined(width, &level.moving, &similarity, 8, 0.01);
    fit.map(|fit| fit.similarity).filter(|better| better.distance(&similarity, aspect) < 0.003).unwrap_or(similarity)
}

/// The part of the blocks that have to agree. Among the thousand pairs that `end2end/bench/registration` makes, no more than a fifth
/// of strangers' did, of two brick walls' a third; of the same picture's, whatever was done to it, no fewer than that.
const AGREEMENT: f32 = 0.32;
/// The part that agrees by chance, and the standard deviations beyond: what counts where there are few blocks.
const CHANCE: f32 = 0.08;
const BEYOND: f32 = 4.5;

fn judged(guess: &Guess) -> Result<Registration, Unregistered> {
    let Similarity { scale, rotation, .. } = guess.similarity;
    let Evidence { blocks, .. } = guess.evidence;
    let agreement = guess.evidence.agreement();
    let limit = AGREEMENT.max(CHANCE + BEYOND * (CHANCE * (1.0 - CHANCE) / blocks.max(1) as f32).sqrt());
    if blocks < FEWEST_BLOCKS || agreement < limit {
        return Err(Unregistered::NoMatch);
    }
    // Bricks look like bricks: where another place fits as well, more has to agree.
    let limit = limit + RIVALRY * (guess.rival - RIVAL).clamp(0.0, 1.0 - RIVAL);
    if agreement < limit {
        return Err(Unregistered::Ambiguous);
    }
    if !SCALES.contains(&scale) || rotation.abs() > FARTHEST_TURN {
        return Err(Unregistered::OutOfRange);
    }
    let confidence = 0.5 + 0.5 * (agreement - limit) / (1.0 - limit);
    Ok(Registration { similarity: guess.similarity, confidence, evidence: guess.evidence })
}

/// From this part of the best place's score on another place is a rival; one as good raises the limit by a quarter.
const RIVAL: f32 = 0.9;
const RIVALRY: f32 = 2.5;
const FEWEST_BLOCKS: u32 = 8;
/// Beyond what was searched for by no more than a search may move.
const SCALES: RangeInclusive<f32> = 0.78..=1.28;
/// 15.5 degrees.
const FARTHEST_TURN: f32 = 0.27;

/// The best place, from a search in few pixels if what it finds holds, else in more.
fn find(pyramid: &mut Pyramid, effort: &Effort) -> Result<Found, Unregistered> {
    let quick = attempt::<64>(pyramid, &coarse::QUICK, effort.quick);
    let holds = quick.as_ref().is_ok_and(|(guess, _)| judged(guess).is_ok());
    let Some(more) = effort.full.filter(|_| !holds && !matches!(quick, Err(Unregistered::Featureless))) else {
        return quick;
    };
    let full = attempt::<128>(pyramid, &coarse::FULL, more)?;
    Ok(quick.ok().filter(|(quick, _)| quick.evidence.agreement() > full.0.evidence.agreement()).unwrap_or(full))
}

/// What was found, and the middles of the blocks that agree, where the others are not to be listened to.
type Found = (Guess, Option<Vec<[f32; 2]>>);

fn attempt<const N: usize>(pyramid: &mut Pyramid, grid: &Grid, (most, finalists): (usize, usize)) -> Result<Found, Unregistered> {
    let aspect = pyramid.aspect;
    let level = pyramid.level(grid.side);
    let width = level.fixed.width();
    if [&level.fixed, &level.moving].into_iter().any(featureless) {
        return Err(Unregistered::Featureless);
    }
    let (soft_fixed, soft_moving) = (field::softened(&level.fixed), field::softened(&level.moving));
    let found = coarse::candidates::<N>(&soft_fixed, &soft_moving, grid, most);
    let first = found.first().map_or(0.0, |candidate| candidate.score);

    let soft = Marks::of(&soft_fixed, 2);
    let refined = found.iter().filter_map(|candidate| {
        let fit = soft.refined(width, &soft_moving, &candidate.similarity, 12, 0.05)?;
        level.marks.refined(width, &level.moving, &fit.similarity, 5, 0.05)
    });
    let mut places = best_of(refined, finalists, 2.0 / width as f32, aspect);

    let mut rival = None;
    for side in [100, 200, ASKED] {
        if side <= grid.side || side > pyramid.available * 4 / 3 {
            continue;
        }
        let level = pyramid.level(side);
        let width = level.fixed.width();
        let refined = places.iter().filter_map(|place| level.marks.refined(width, &level.moving, &place.similarity, 8, 0.03));
        places = best_of(refined, finalists, 0.01, aspect);
        if side >= 200 {
            rival = rival.or(places.get(1).map(|second| second.score() / places[0].score().max(1e-6)));
            places.truncate(1);
        }
    }
    let Some(place) = places.first() else { return Err(Unregistered::NoMatch) };
    let level = pyramid.level(ASKED);
    let (mut evidence, wishes) = verify::evidence(&level.fixed, &level.moving, &place.similarity);
    let Fit { mut similarity, correlation, overlap } = *place;
    let mut agreeing = None;
    if (DOUBTFUL..CERTAIN).contains(&evidence.agreement())
        && let Some((better, its, blocks)) = reconsidered(level, &wishes, &similarity)
        && its.agreeing > evidence.agreeing
    {
        (similarity, evidence, agreeing) = (better, its, Some(blocks));
    }
    Ok((Guess { similarity, evidence, rival: rival.unwrap_or(0.0), correlation, overlap, coarse: first }, agreeing))
}

/// Agreement below is chance; what the blocks wish for is then, too.
const DOUBTFUL: f32 = 0.15;
/// Agreement above needs no reconsidering.
const CERTAIN: f32 = 0.85;

/// The place that the blocks agree on, refined with those alone.
fn reconsidered(level: &Level, wishes: &[Wish], similarity: &Similarity) -> Option<(Similarity, Evidence, Vec<[f32; 2]>)> {
    let width = level.fixed.width();
    let found = consensus(wishes, similarity, 1.2 / width as f32)?;
    let marks = level.marks.near(&found.blocks, verify::block(width), width);
    let fit = marks.refined(width, &level.moving, &found.similarity, 8, 0.03)?;
    let (evidence, _) = verify::evidence(&level.fixed, &level.moving, &fit.similarity);
    Some((fit.similarity, evidence, found.blocks))
}

/// Both pictures in one size, freed from the light.
struct Level {
    side: usize,
    fixed: Luma,
    moving: Luma,
    marks: Marks,
}

/// The levels asked for so far.
struct Pyramid<'a> {
    fixed: &'a Luma,
    moving: &'a Luma,
    /// The longer side in which both pictures can be compared.
    available: usize,
    /// The fixed picture's height in widths.
    aspect: f32,
    levels: Vec<Level>,
}

impl<'a> Pyramid<'a> {
    fn new(fixed: &'a Luma, moving: &'a Luma) -> Result<Self, Unregistered> {
        let (longer, columns) = (fixed.width().max(fixed.height()), fixed.width().min(moving.width()));
        let available = columns * longer / fixed.width();
        if available < SMALLEST || fixed.width().min(fixed.height()) * 3 < longer {
            return Err(Unregistered::TooSmall);
        }
        // Another format, as when the camera was turned, is another view.
        let aspect = fixed.height() as f32 / fixed.width() as f32;
        let other = moving.height() as f32 / moving.width() as f32;
        if !(0.6..1.7).contains(&(aspect / other)) {
            return Err(Unregistered::OtherFormat);
        }
        Ok(Self { fixed, moving, available, aspect, levels: vec![] })
    }

    /// One unit for both, so that a similarity means the same in each: pixels a width.
    fn level(&mut self, side: usize) -> &Level {
        if let Some(at) = self.levels.iter().position(|level| level.side == side) {
            return &self.levels[at];
        }
        let columns = columns_for(self.fixed.width(), self.fixed.height(), side.min(self.available)).min(self.moving.width());
        let radius = 4 + side / 72;
        let levelled = |luma: &Luma| field::levelled(&luma.shrunk(columns), radius);
        let (fixed, moving) = (levelled(self.fixed), levelled(self.moving));
        let marks = Marks::of(&fixed, if side > 200 { 4 } else { 2 });
        self.levels.push(Level { side, fixed, moving, marks });
        &self.levels[self.levels.len() - 1]
    }
}

/// Whether nothing stands out from what noise would do.
fn featureless(levelled: &Luma) -> bool {
    let energy = levelled.values().iter().map(|value| value * value).sum::<f32>();
    energy < 0.05 * 0.05 * levelled.values().len() as f32
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
