//! Which sessions the list shows, and in which order: plain data, tested without a browser.

use super::{
    index::{Entry, Words},
    order::{Column, Ordered, Sorting},
};
use crate::clients::fold;
use domain::{
    billing::Billing,
    ids::{ClientId, PlanId, SessionId, StaffId},
    status::SessionStatus,
    time::Moment,
};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    #[default]
    All,
    Upcoming,
    Past,
}

impl Scope {
    pub const ALL: [Self; 3] = [Self::All, Self::Upcoming, Self::Past];

    pub fn label(self) -> &'static str {
        match self {
            Self::All => "All",
            Self::Upcoming => "Upcoming",
            Self::Past => "Past",
        }
    }

    fn holds(self, is_past: bool) -> bool {
        match self {
            Self::All => true,
            Self::Upcoming => !is_past,
            Self::Past => is_past,
        }
    }
}

/// Whose sessions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Who {
    #[default]
    Anybody,
    Nobody,
    Only(StaffId),
}

impl Who {
    const NOBODY: &str = "nobody";

    pub fn value(self) -> String {
        match self {
            Self::Anybody => String::new(),
            Self::Nobody => Self::NOBODY.to_owned(),
            Self::Only(staff) => staff.to_string(),
        }
    }

    pub fn read(value: &str) -> Self {
        if value == Self::NOBODY { Self::Nobody } else { value.parse().map_or(Self::Anybody, Self::Only) }
    }

    fn holds(self, provider: Option<StaffId>) -> bool {
        match self {
            Self::Anybody => true,
            Self::Nobody => provider.is_none(),
            Self::Only(staff) => provider == Some(staff),
        }
    }
}

/// What the person wants to see.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    pub scope: Scope,
    pub status: Option<SessionStatus>,
    /// Only those whose date has passed without a record.
    pub undocumented: bool,
    pub billing: Option<Billing>,
    pub who: Who,
    pub text: String,
    pub client: Option<ClientId>,
    pub plan: Option<PlanId>,
    pub column: Column,
    /// The other way round than usual.
    pub reversed: bool,
}

/// A row of the list.
pub type Key = (ClientId, SessionId);

impl Wanted {
    pub fn sorting(&self) -> Sorting {
        // Upcoming begins with what is next; the past with what was last.
        let soonest_first = self.scope == Scope::Upcoming;
        let usual = self.column != Column::Date || soonest_first;
        Sorting { column: self.column, ascending: usual != self.reversed, soonest_first }
    }

    /// A tap on a column's head: sorts by it, and the second time the other way round.
    pub fn sort_by(&mut self, column: Column) {
        self.reversed = self.column == column && !self.reversed;
        self.column = column;
    }

    fn holds_but_scope_and_words(&self, entry: &Entry, is_past: bool) -> bool {
        self.status.is_none_or(|status| entry.status == status)
            && (!self.undocumented || (is_past && entry.status != SessionStatus::Completed))
            && self.billing.is_none_or(|billing| entry.billing == Some(billing))
            && self.who.holds(entry.provider)
            && self.client.is_none_or(|client| entry.client == client)
            && self.plan.is_none_or(|plan| entry.plan == plan)
    }

    /// Which series have the words looked for; `None` when none are.
    fn with_the_words(&self, all: &[Words]) -> Option<Vec<bool>> {
        let wanted: Vec<_> = fold(&self.text).split_whitespace().map(|word| format!(" {word}")).collect();
        let has_them = |words: &Words| wanted.iter().all(|word| words.contains(word.as_str()));
        (!wanted.is_empty()).then(|| all.iter().map(has_them).collect())
    }
}

/// How many there are in each scope, in the order of [`Scope::ALL`], and those to show, in order. `now` decides what has passed.
pub fn choose(all: &Ordered, wanted: &Wanted, now: Moment) -> ([usize; 3], Vec<Key>) {
    let fits = wanted.with_the_words(&all.words);
    let (mut counts, mut chosen) = ([0; 3], Vec::new());
    for entry in &all.entries {
        let is_past = entry.is_past(now);
        let has_the_words = fits.as_ref().is_none_or(|fits| fits.get(entry.words as usize) == Some(&true));
        if !has_the_words || !wanted.holds_but_scope_and_words(entry, is_past) {
            continue;
        }
        for (count, scope) in counts.iter_mut().zip(Scope::ALL) {
            *count += usize::from(scope.holds(is_past));
        }
        if wanted.scope.holds(is_past) {
            chosen.push((entry.client, entry.session));
        }
    }
    (counts, chosen)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        sessions::{index::Index, order::Places},
        signed_record::sample,
    };
    use domain::chart::Chart;
    use std::sync::Arc;

    const NOW: &str = "2026-03-01T09:00:00Z";

    /// The first is signed, the second passed by, the third is to come, the fourth is not booked.
    fn chart() -> Chart {
        let mut chart = sample::signed(&sample::chart(4), &sample::catalogue(), 1, 18);
        chart.sessions[1].appointments = sample::booked("2026-02-01T09:00:00Z");
        chart.sessions[2].appointments = sample::booked("2026-04-01T09:00:00Z");
        chart
    }

    fn chosen(wanted: &Wanted) -> ([usize; 3], Vec<Key>) {
        let mut index = Index::default();
        index.take_in(1, [Arc::new(chart())].iter());
        choose(&index.all(wanted.sorting(), &Places::new()), wanted, sample::moment(NOW))
    }

    fn numbers(wanted: &Wanted) -> Vec<u128> {
        let (_, chosen) = chosen(wanted);
        chosen.iter().map(|(_, session)| session.0.as_u128() - 100).collect()
    }

    #[test]
    fn scopes_count_what_they_hold_and_the_undocumented_stand_out() {
        let (counts, all) = chosen(&Wanted::default());
        assert_eq!((counts, all.len()), ([4, 2, 2], 4));
        assert_eq!(numbers(&Wanted { scope: Scope::Upcoming, ..Wanted::default() }), [3, 4]);
        assert_eq!(numbers(&Wanted { undocumented: true, ..Wanted::default() }), [2]);
        let found = |text: &str| numbers(&Wanted { text: text.into(), ..Wanted::default() }).len();
        assert_eq!((found("maya las"), found("maya x"), found("aya")), (4, 0, 0));
    }

    #[test]
    fn filters_say_what_they_mean() {
        let wanted = Wanted::default;
        assert_eq!(numbers(&Wanted { status: Some(SessionStatus::AwaitingBooking), ..wanted() }), [4]);
        assert_eq!(numbers(&Wanted { billing: Some(Billing::Unbilled), ..wanted() }), [1]);
        assert_eq!(numbers(&Wanted { billing: Some(Billing::Open), ..wanted() }), [3, 2, 4]);
        assert_eq!(numbers(&Wanted { who: Who::Nobody, ..wanted() }), [4]);
        assert_eq!(numbers(&Wanted { who: Who::Only(sample::PROVIDER), ..wanted() }), [3, 2, 1]);
        for who in [Who::Anybody, Who::Nobody, Who::Only(sample::PROVIDER)] {
            assert_eq!(Who::read(&who.value()), who);
        }
    }

    #[test]
    fn a_second_tap_turns_the_order_and_what_has_no_date_stays_at_the_end() {
        let mut wanted = Wanted::default();
        assert_eq!((numbers(&wanted), wanted.sorting().ascending), (vec![3, 2, 1, 4], false));
        wanted.sort_by(Column::Date);
        assert_eq!((numbers(&wanted), wanted.sorting().ascending), (vec![1, 2, 3, 4], true));
        wanted.sort_by(Column::Status);
        assert_eq!((numbers(&wanted), wanted.sorting().ascending), (vec![4, 3, 2, 1], true));
        wanted.sort_by(Column::Status);
        assert_eq!(numbers(&wanted), [1, 3, 2, 4]);
        wanted.sort_by(Column::Provider);
        assert_eq!(numbers(&wanted), [3, 2, 1, 4]);
        wanted = Wanted { scope: Scope::Upcoming, ..Wanted::default() };
        assert!(wanted.sorting().ascending);
    }
}
