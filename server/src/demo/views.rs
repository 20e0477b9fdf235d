//! The demo clinic photographs by the standard sets.

use super::dice::Dice;
use domain::{
    time::Moment,
    view::{ViewSet, standard_sets},
};

pub fn sets(seed: u64, founded: Moment) -> Vec<ViewSet> {
    let mut dice = Dice::new(seed, "views", 0);
    let saved = |set| ViewSet { version: 1, ..set };
    standard_sets(|| dice.id(founded)).into_iter().map(saved).collect()
}
