//! Which sessions the list shows, and in which order: plain data, tested without a browser.

use crate::clients::fold;
use domain::{
    chart::Chart,
    ids::{ClientId, PlanId, SessionId},
    status::SessionStatus,
    time::Moment,
};
use std::sync::Arc;

/// One session, as far as the list needs it to be found and sorted. What else a row shows is read when it is on the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub client: ClientId,
    pub session: SessionId,
    pub plan: PlanId,
    pub status: SessionStatus,
    pub at: Option<Moment>,
    past: bool,
    pub undocumented: bool,
    /// Client and series, folded, each word with a space before it; shared by a plan's sessions.
    words: Arc<str>,
}

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

    fn holds(self, entry: &Entry) -> bool {
        match self {
            Self::All => true,
            Self::Upcoming => !entry.past,
            Self::Past => entry.past,
        }
    }
}

/// What stands first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// The nearest date first; without a date at the end.
    #[default]
    Date,
    Client,
}

/// What the person wants to see.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    pub scope: Scope,
    pub status: Option<SessionStatus>,
    /// Only those whose date has passed without a record.
    pub undocumented: bool,
    pub text: String,
    pub client: Option<ClientId>,
    pub plan: Option<PlanId>,
    pub order: Order,
}

/// Every session of every chart; `now` decides what has passed.
pub fn entries<'a>(charts: impl Iterator<Item = &'a Arc<Chart>>, now: Moment) -> Vec<Entry> {
    let mut entries = Vec::new();
    for chart in charts {
        let mut words: Vec<(PlanId, Arc<str>)> = Vec::new();
        for listed in chart.listed() {
            let plan = listed.plan;
            let words = match words.iter().find(|(id, _)| *id == plan.id) {
                Some((_, words)) => words.clone(),
                None => {
                    let text: Arc<str> = searchable(&[&chart.client.name, &plan.name]).into();
                    words.push((plan.id, text.clone()));
                    text
                }
            };
            entries.push(Entry {
                client: chart.client.id,
                session: listed.session.id,
                plan: plan.id,
                status: listed.status,
                at: listed.at,
                past: listed.is_past(now),
                undocumented: listed.is_undocumented(now),
                words,
            });
        }
    }
    entries
}

fn searchable(texts: &[&str]) -> String {
    let mut words = String::new();
    for text in texts {
        for word in fold(text).split(|c: char| c.is_whitespace() || c == '-').filter(|word| !word.is_empty()) {
            words.push(' ');
            words.push_str(word);
        }
    }
    words
}

impl Wanted {
    fn holds_but_scope(&self, entry: &Entry, words: &[String]) -> bool {
        self.status.is_none_or(|status| entry.status == status)
            && (!self.undocumented || entry.undocumented)
            && self.client.is_none_or(|client| entry.client == client)
            && self.plan.is_none_or(|plan| entry.plan == plan)
            && words.iter().all(|word| entry.words.contains(word.as_str()))
    }

    fn words(&self) -> Vec<String> {
        fold(&self.text).split_whitespace().map(|word| format!(" {word}")).collect()
    }
}

/// How many there are in each scope, in the order of [`Scope::ALL`], and the positions of those to show, in order.
pub fn choose(entries: &[Entry], wanted: &Wanted) -> ([usize; 3], Vec<usize>) {
    let words = wanted.words();
    let (mut counts, mut chosen) = ([0; 3], Vec::new());
    for (n, entry) in entries.iter().enumerate() {
        if !wanted.holds_but_scope(entry, &words) {
            continue;
        }
        for (count, scope) in counts.iter_mut().zip(Scope::ALL) {
            *count += usize::from(scope.holds(entry));
        }
        if wanted.scope.holds(entry) {
            chosen.push(n);
        }
    }
    // Upcoming begins with what is next; the past with what was last.
    let by_date = |n: &usize| {
        let entry = &entries[*n];
        let at = entry.at.map(Moment::millis);
        (at.is_none(), if wanted.scope == Scope::Upcoming { at } else { at.map(|at| -at) }, entry.session)
    };
    match wanted.order {
        Order::Date => chosen.sort_unstable_by_key(by_date),
        Order::Client => chosen.sort_unstable_by(|a, b| {
            let (first, second) = (&entries[*a], &entries[*b]);
            (&first.words, first.at, first.session).cmp(&(&second.words, second.at, second.session))
        }),
    }
    (counts, chosen)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signed_record::sample;

    #[test]
    fn scopes_count_what_they_hold_and_the_undocumented_stand_out() {
        let catalogue = sample::catalogue();
        let mut chart = sample::signed(&sample::chart(4), &catalogue, 1, 18);
        chart.sessions[1].appointments = sample::booked("2026-02-01T09:00:00Z");
        chart.sessions[2].appointments = sample::booked("2026-04-01T09:00:00Z");
        let entries = entries([Arc::new(chart)].iter(), sample::moment("2026-03-01T09:00:00Z"));
        let (counts, all) = choose(&entries, &Wanted::default());
        assert_eq!((counts, all.len()), ([4, 2, 2], 4));
        let upcoming = choose(&entries, &Wanted { scope: Scope::Upcoming, ..Wanted::default() }).1;
        assert_eq!(upcoming.iter().map(|n| entries[*n].session).collect::<Vec<_>>(), [sample::session(3), sample::session(4)]);
        let late = choose(&entries, &Wanted { undocumented: true, ..Wanted::default() }).1;
        assert_eq!(late.iter().map(|n| entries[*n].session).collect::<Vec<_>>(), [sample::session(2)]);
        let found = |text: &str| choose(&entries, &Wanted { text: text.into(), ..Wanted::default() }).1.len();
        assert_eq!((found("maya las"), found("maya x"), found("aya")), (4, 0, 0));
        let awaiting = choose(&entries, &Wanted { status: Some(SessionStatus::AwaitingBooking), ..Wanted::default() }).1;
        assert_eq!(awaiting.len(), 1);
    }
}
