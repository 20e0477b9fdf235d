//! The words of a message: the clinic's text, filled with what is so.

use super::look::Look;
use crate::store::follow_up::touch::TouchRow;
use app::{
    api::messages::Channel,
    me::{ME, PHOTOS, at_address, book_address, offers},
};
use domain::{
    area,
    booking::Time,
    catalogue::Catalogue,
    chart::Chart,
    follow_up::{
        closing::Next,
        facts::Facts,
        kind::Kind,
        language,
        policy::Text,
        variable::{Variable, fill, fill_sms},
    },
    ids::{SessionId, StaffId},
    plan::Plan,
    record::{Reading, Treatment},
    time::{ClinicClock, Day, Moment},
};

/// A text of the clinic, with everything that could stand in it.
pub struct Filled<'a> {
    text: Option<&'a Text>,
    look: &'a Look,
    row: &'a TouchRow,
    facts: Option<&'a Facts>,
    times: Option<String>,
    /// In what the link ends that books, where one was made.
    link: Option<&'a str>,
    origin: &'a str,
}

impl<'a> Filled<'a> {
    /// `taken` are all bookings of the clinic that are ahead; what asks to book names times that are free beside them.
    pub fn of(look: &'a Look, row: &'a TouchRow, link: Option<&'a str>, taken: &[Time], origin: &'a str) -> Self {
        let text = look.policy(row.plan_id).rule(row.kind).and_then(|rule| rule.text(look.choices.language.as_deref().unwrap_or_default()));
        let language = text.map_or("", |text| &text.language);
        let times = row.kind.is_nudge().then(|| free_times(look, row.session_id, taken, language)).flatten();
        let facts = look.facts.iter().find(|facts| facts.plan == row.plan_id);
        Self { text, look, row, facts, times, link, origin }
    }

    /// Subject and text as they go by that channel. Without the client's agreement an SMS does not tell what is treated.
    pub fn text(&self, channel: Channel) -> (String, String) {
        let Some(text) = self.text else { return Default::default() };
        match channel {
            Channel::Sms => {
                let filled = fill_sms(&text.sms, &text.language, self.look.choices.detail_by_sms, |variable| self.value(variable));
                (String::new(), filled)
            }
            Channel::Email => {
                let fill = |text: &str| fill(text, |variable| self.value(variable));
                (fill(&text.subject), fill(&text.body))
            }
        }
    }

    fn value(&self, variable: Variable) -> Option<String> {
        let Self { look, row, origin, .. } = self;
        let (chart, catalogue, clock) = (&look.chart, &look.catalogue, &look.catalogue.clock);
        let facts = self.facts?;
        let number = |session: SessionId| Some(facts.sessions.iter().find(|other| other.session == session)?.number.to_string());
        let left = facts.sessions.iter().filter(|session| session.delivered.is_none()).count();
        // Of what asks to book, the session it is about; of everything else the one that comes next.
        let next =
            if row.kind.is_nudge() || row.kind == Kind::Appointment { Some(row.session_id) } else { facts.next().map(|next| next.session) };
        let own = format!("{origin}{ME}");
        match variable {
            Variable::FirstName => Some(chart.client.first_name().to_owned()),
            Variable::Clinic => Some(catalogue.name.clone()).filter(|name| !name.is_empty()),
            Variable::Provider => self.provider().map(|staff| catalogue.staff_name(staff)),
            Variable::Series => chart.plan(row.plan_id).map(|plan| plan.name.clone()),
            Variable::Areas => areas(&treatments(chart, row.session_id)),
            Variable::Session => number(row.session_id),
            Variable::NextSession => number(next?),
            Variable::Sessions => Some(facts.sessions.len().to_string()),
            Variable::Remaining => Some(left.to_string()),
            Variable::DueDate => {
                let due = facts.sessions.iter().find(|session| Some(session.session) == next)?.due?;
                Some(language::date(self.language(), due))
            }
            Variable::Appointment => row.appointment.map(|at| {
                let day = language::heading(self.language(), clock.day(at.0));
                format!("{day}, {}{}", clock.time(at.0), there(look, at.0))
            }),
            Variable::Times => self.times.clone(),
            Variable::BookingLink => Some(format!("{origin}{}", self.link.map_or_else(|| book_address(row.session_id), at_address))),
            Variable::Aftercare => aftercare(&treatments(chart, row.session_id), catalogue, self.language()),
            Variable::PhotosLink => {
                let seen = chart.photos.iter().filter(|photo| photo.is_shown_to_client()).count();
                (seen > 1).then(|| format!("{origin}{PHOTOS}"))
            }
            Variable::ReviewLink => Some(look.policies.closing.review_link.clone()).filter(|link| !link.is_empty()),
            Variable::NextOffer => self.next_offer(),
            Variable::AftercareLink | Variable::PageLink => Some(own),
        }
    }

    /// Of the text: not always the one she chose.
    fn language(&self) -> &'a str {
        self.text.map_or("", |text| &text.language)
    }

    /// What the clinic offers after that package, unless she has it already.
    fn next_offer(&self) -> Option<String> {
        let Look { chart, catalogue, policies, .. } = self.look;
        match policies.closing.after(chart.plan(self.row.plan_id)?.package)? {
            Next::Words(words) => Some(words.clone()),
            Next::Package(next) => {
                let has = |plan: &Plan| plan.package == *next && chart.next_session(plan.id).is_some();
                let package = catalogue.package(*next).filter(|package| !package.retired)?;
                (!chart.plans.iter().any(has)).then(|| package.name.clone())
            }
        }
    }

    /// Who treated last, or who is booked.
    fn provider(&self) -> Option<StaffId> {
        let chart = &self.look.chart;
        let delivered = |session: SessionId| chart.delivered_in(session)?.chartings().next().map(|(author, _)| author.staff);
        let booked = |session: SessionId| chart.session(session)?.first_booking().map(|booked| booked.provider);
        let sessions = || self.facts.into_iter().flat_map(|facts| facts.sessions.iter().rev()).map(|session| session.session);
        let own = self.row.session_id;
        let of_own = if self.row.kind == Kind::Appointment { booked(own) } else { delivered(own) };
        of_own.or_else(|| sessions().find_map(delivered)).or_else(|| sessions().find_map(booked))
    }
}

fn free_times(look: &Look, session: SessionId, taken: &[Time], language: &str) -> Option<String> {
    let (catalogue, clock) = (&look.catalogue, &look.catalogue.clock);
    let offers = offers(&look.chart, session, catalogue, taken, None, look.now)?.offers;
    let first = offers.first()?.time.starts;
    let words = |day: Day, at: Moment| format!("{} {}", language::heading(language, day), clock.time(at));
    let words: Vec<_> = offers.iter().map(|offer| words(offer.day, offer.time.starts)).collect();
    Some(format!("{}{}", words.join(", "), there(look, first)))
}

/// Times are where the clinic is, since that is where she has to be. Where her clock shows another, it is said whose they are.
fn there(look: &Look, at: Moment) -> String {
    let clock = &look.catalogue.clock;
    let is_other = |hers: &ClinicClock| hers.local(at) != clock.local(at);
    let place = || clock.zone.rsplit('/').next().unwrap_or_default().replace('_', " ");
    if look.own_clock.as_ref().is_some_and(is_other) { format!(" ({})", place()) } else { String::new() }
}

/// What was really done for a session, in whichever visit.
fn treatments(chart: &Chart, session: SessionId) -> Vec<&Treatment> {
    let visit = chart.delivered_in(session);
    let records = visit.into_iter().flat_map(|visit| visit.records());
    records.flat_map(|record| &record.treatments).filter(|done| done.counts_for == Some(session)).collect()
}

fn areas(treatments: &[&Treatment]) -> Option<String> {
    let areas = treatments.iter().flat_map(|done| done.areas.iter().map(|treated| &treated.area));
    let words = area::summary(areas);
    (!words.is_empty()).then_some(words)
}

/// Where, by what and at which settings, and what the skin needs after it.
fn aftercare(treatments: &[&Treatment], catalogue: &Catalogue, language: &str) -> Option<String> {
    let done: Vec<_> = treatments.iter().map(|done| done_words(done, catalogue)).collect();
    (!done.is_empty()).then(|| format!("{}\n{}", done.join("\n"), language::care_after_all(language)))
}

fn done_words(done: &Treatment, catalogue: &Catalogue) -> String {
    let template = catalogue.template(done.template);
    let reading = |reading: &Reading| {
        let field = template?.field(&reading.field)?;
        Some(format!("{} {}", field.label, reading.value.show(field.unit())))
    };
    let device = catalogue.device(done.device).map(|device| format!("{} {}", device.maker, device.model));
    let settings: Vec<_> = device.into_iter().chain(done.readings.iter().filter_map(reading)).collect();
    let places = area::summary(done.areas.iter().map(|treated| &treated.area));
    match (places.is_empty(), settings.is_empty()) {
        (false, false) => format!("{places}: {}.", settings.join(", ")),
        (false, true) => format!("{places}."),
        (true, _) => format!("{}.", settings.join(", ")),
    }
}
