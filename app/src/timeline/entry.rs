//! What the timeline says of each visit.

use crate::{ports::Draft, signed_record::RecordFacts, words};
use domain::{
    catalogue::Catalogue,
    chart::Chart,
    ids::{AddendumId, SessionId},
    session::{Session, Signed},
    time::Day,
};
use std::sync::Arc;

/// A signed session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    pub session: SessionId,
    pub year: i16,
    /// `10 Oct`.
    pub day: String,
    /// `6 weeks ago`.
    pub ago: String,
    /// `Laser hair removal · 4 of 6`.
    pub title: String,
    /// `signed 10 Oct, 10:02`.
    pub signed: String,
    pub by: String,
    pub facts: RecordFacts,
    /// Models it was treated with.
    pub devices: Vec<String>,
    pub addenda: Vec<Added>,
    /// An adverse event nobody has followed up.
    pub needs_follow_up: bool,
}

/// What was added after signing: an addendum, or how an adverse event was followed up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Added {
    /// `None` for a follow-up.
    pub addendum: Option<AddendumId>,
    /// `S. Lind · 10 Nov 2026, 09:12`.
    pub head: String,
    pub text: String,
    /// A second charting, whole.
    pub record: Option<RecordFacts>,
}

/// A session being charted on this device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drafted {
    pub session: SessionId,
    pub year: i16,
    pub day: String,
    pub ago: String,
    pub title: String,
    pub facts: RecordFacts,
}

/// The signed sessions, the latest first.
pub fn history(chart: &Chart, catalogue: &Catalogue, today: Day) -> Vec<Visit> {
    chart.history().into_iter().map(|(session, signed)| visit(chart, session, signed, catalogue, today)).collect()
}

fn visit(chart: &Chart, session: &Session, signed: &Signed, catalogue: &Catalogue, today: Day) -> Visit {
    let day = catalogue.clock.day(signed.at);
    let treatments = signed.record.treatments.iter();
    let mut devices: Vec<_> = treatments.filter_map(|t| catalogue.device(t.device)).map(|device| device.model.clone()).collect();
    devices.dedup();
    let head = |by, at| format!("{} · {}", catalogue.staff_name(by), words::moment(&catalogue.clock, at));
    let addenda = session.addenda.iter().map(|addendum| {
        let added = Added {
            addendum: Some(addendum.id),
            head: head(addendum.by, addendum.at),
            text: addendum.text.clone(),
            record: addendum.record.as_ref().map(|record| RecordFacts::new(record, chart, catalogue)),
        };
        (addendum.at, added)
    });
    let followed = session.followed_up.iter().map(|remark| {
        let head = format!("{} · followed up", head(remark.by, remark.at));
        (remark.at, Added { addendum: None, head, text: remark.text.clone(), record: None })
    });
    let reports = session.reports.iter().flat_map(|report| {
        let by = format!("{} · {}", chart.client.name, words::moment(&catalogue.clock, report.at));
        let told = Added { addendum: None, head: by, text: words::report(report), record: None };
        let answered = report.answered.iter().map(|remark| {
            let head = format!("{} · followed up", head(remark.by, remark.at));
            (remark.at, Added { addendum: None, head, text: remark.text.clone(), record: None })
        });
        std::iter::once((report.at, told)).chain(answered)
    });
    let mut added: Vec<_> = addenda.chain(followed).chain(reports).collect();
    added.sort_by_key(|(at, _)| *at);
    // One remark may answer several things.
    added.dedup();
    Visit {
        session: session.id,
        year: day.0.year(),
        day: day.short(),
        ago: words::ago(day, today),
        title: words::series(chart, session.id),
        signed: format!("signed {}, {}", day.short(), catalogue.clock.time(signed.at)),
        by: catalogue.staff_name(signed.by),
        facts: RecordFacts::new(&signed.record, chart, catalogue),
        devices,
        addenda: added.into_iter().map(|(_, added)| added).collect(),
        needs_follow_up: session.needs_follow_up(),
    }
}

/// What is being charted here, the latest first. A draft of a session that was signed elsewhere meanwhile
/// is shown too: what is typed in it is nowhere else.
pub fn drafted(chart: &Chart, catalogue: &Catalogue, today: Day, draft: impl Fn(SessionId) -> Option<Arc<Draft>>) -> Vec<Drafted> {
    let mut drafts: Vec<_> = chart.sessions.iter().filter_map(|session| draft(session.id)).collect();
    drafts.sort_by_key(|draft| std::cmp::Reverse((draft.saved_at, draft.session)));
    drafts
        .into_iter()
        .map(|draft| {
            let day = catalogue.clock.day(draft.saved_at);
            Drafted {
                session: draft.session,
                year: day.0.year(),
                day: day.short(),
                ago: words::ago(day, today),
                title: words::series(chart, draft.session),
                facts: RecordFacts::new(&draft.record, chart, catalogue),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signed_record::sample;
    use domain::command::Change;
    use uuid::Uuid;

    #[test]
    fn the_latest_visit_comes_first_with_what_was_added() {
        let catalogue = sample::catalogue();
        let chart = sample::signed(&sample::signed(&sample::chart(6), &catalogue, 1, 18), &catalogue, 2, 20);
        let change =
            Change::AddAddendum { session: sample::session(1), addendum: AddendumId(Uuid::from_u128(1)), text: "No redness.".into() };
        let chart = chart.apply(&change, sample::by(sample::OTHER, "2026-03-01T09:12:00Z"), &catalogue).expect("added");
        let visits = history(&chart, &catalogue, sample::day("2026-03-11"));
        assert_eq!(visits[0].session, sample::session(2));
        assert_eq!(visits[0].ago, "4 weeks ago");
        assert_eq!(visits[1].signed, "signed 10 Jan, 10:02");
        assert_eq!(visits[1].addenda[0].head, "S. Lind · 1 Mar 2026, 09:12");
        assert_eq!(visits[1].devices, ["Clarity II"]);
    }

    #[test]
    fn drafts_of_this_device_are_found() {
        let catalogue = sample::catalogue();
        let chart = sample::chart(6);
        let draft = Arc::new(Draft {
            session: sample::session(1),
            by: sample::PROVIDER,
            client: sample::CLIENT,
            saved_at: sample::moment("2026-03-11T08:00:00Z"),
            record: sample::record(&chart, &catalogue, 1, 18),
        });
        let found =
            drafted(&chart, &catalogue, sample::day("2026-03-11"), |session| (session == sample::session(1)).then(|| draft.clone()));
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].title.as_str(), found[0].ago.as_str()), ("Laser hair removal · 1 of 6", "today"));
    }
}
