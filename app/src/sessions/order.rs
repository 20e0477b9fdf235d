//! The order of the list: drawn up when charts or what it is sorted by change, and not while somebody types.

use super::index::{Entry, Indexed, Words};
use domain::{catalogue::Catalogue, ids::StaffId};
use std::collections::HashMap;

/// A column that can be sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Column {
    /// What is next, or was last, first; without a date at the end.
    #[default]
    Date,
    Client,
    Status,
    Provider,
}

/// In what order rows stand: all of what is wanted that sorting depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sorting {
    pub column: Column,
    pub ascending: bool,
    /// Where other things are equal: what is next first, or what was last.
    pub soonest_first: bool,
}

/// Names of providers, by the place each has in the alphabet.
pub type Places = HashMap<StaffId, usize>;

pub fn places(catalogue: &Catalogue) -> Places {
    let mut staff: Vec<_> = catalogue.staff.iter().collect();
    staff.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
    staff.into_iter().enumerate().map(|(place, staff)| (staff.id, place)).collect()
}

/// All sessions in one order.
pub struct Ordered {
    pub entries: Vec<Entry>,
    /// Of all series.
    pub words: Vec<Words>,
}

/// A session's place: by the column, then by its date.
type Rank = (u64, u64);

/// Ranked first and then sorted by their ranks, which lie side by side: following each comparison to two sessions takes
/// several times as long.
pub fn in_order<'a>(charts: impl Iterator<Item = &'a Indexed>, sorting: Sorting, places: &Places) -> Ordered {
    let (mut entries, mut words) = (Vec::new(), Vec::new());
    for chart in charts {
        // Fewer than four billion.
        let before = words.len() as u32;
        entries.extend(chart.entries.iter().map(|entry| Entry { words: before + entry.words, ..*entry }));
        words.extend(chart.words.iter().cloned());
    }
    let Sorting { column, ascending, soonest_first } = sorting;
    let dated = |entry: &Entry, ascending| rank(entry.at.map(|at| at.millis().cast_unsigned() ^ (1 << 63)), ascending);
    let names = if column == Column::Client { alphabet(&words) } else { Vec::new() };
    let by_column = |entry: &Entry| match column {
        Column::Date => dated(entry, ascending),
        Column::Client => rank(names.get(entry.words as usize).copied(), ascending),
        Column::Status => rank(Some(entry.status as u64), ascending),
        Column::Provider => {
            let place = |provider| places.get(&provider).map_or(u64::from(u32::MAX), |place| *place as u64);
            rank(entry.provider.map(place), ascending)
        }
    };
    let ranked = entries.iter().map(|entry| ((by_column(entry), dated(entry, soonest_first)), entry));
    let mut ranked: Vec<(Rank, &Entry)> = ranked.collect();
    ranked.sort_unstable_by(|(a, one), (b, other)| a.cmp(b).then_with(|| one.session.cmp(&other.session)));
    Ordered { entries: ranked.into_iter().map(|(_, entry)| *entry).collect(), words }
}

/// What has no date, or nobody, stands at the end either way.
fn rank(value: Option<u64>, ascending: bool) -> u64 {
    match value {
        None => u64::MAX,
        Some(value) if ascending => value,
        Some(value) => u64::MAX - 1 - value,
    }
}

/// The place of each in the alphabet; equal ones have the same.
fn alphabet(words: &[Words]) -> Vec<u64> {
    let mut sorted: Vec<_> = words.iter().enumerate().collect();
    sorted.sort_unstable_by_key(|(_, words)| *words);
    let (mut places, mut place) = (vec![0; words.len()], 0);
    for pair in sorted.windows(2) {
        place += u64::from(pair[0].1 != pair[1].1);
        places[pair[1].0] = place;
    }
    places
}
