//! One client's chart, put together from their series.

use super::{
    DemoClinic, Size,
    diary::Series,
    dice::Dice,
    people,
    protocols::{PROTOCOLS, draw_areas},
    remarks,
    slots::Slot,
    story,
    visit::{self, Delivery},
};
use domain::{
    area::Area,
    chart::{Chart, DeviceNote},
    consent::Consent,
    ids::{AddendumId, AppointmentId, DeviceNoteId, PlanId, SessionId, StaffId},
    plan::Plan,
    session::{Addendum, Appointment, Remark, Session, Signed},
    time::Moment,
};

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;

/// Adverse events of the days since then mostly still wait for somebody.
const LATELY: i32 = -45;

/// A session that was held, on its way into the chart.
struct Held {
    slot: Slot,
    /// Position of the series and, in the chart, of the session.
    series: usize,
    session: usize,
}

pub struct Charting<'a> {
    clinic: &'a DemoClinic,
    number: u32,
    series: &'a [Series],
    /// For each series and each of its protocols what is treated, all through the series.
    areas: Vec<Vec<Vec<Area>>>,
    chart: Chart,
    dice: Dice,
}

impl<'a> Charting<'a> {
    pub fn new(clinic: &'a DemoClinic, number: u32, series: &'a [Series]) -> Self {
        let Size { seed, .. } = clinic.size;
        let mut dice = Dice::new(seed, "chart", number.into());
        let first_sale = series.first().map_or(0, |series| series.sold_on);
        let since = clinic.hours.moment(first_sale, 10 * 60 + u16::try_from(number % 97).unwrap_or_default());
        let client = people::client(seed, number, clinic.hours.today, since);
        let areas = series.iter().map(|series| {
            let drawn = draw_areas(&series.protocols, &mut dice);
            story::areas(number, &clinic.catalogue.packages[series.package].name).map_or(drawn, |told| vec![told])
        });
        let areas = areas.collect();
        Self { clinic, number, series, areas, chart: Chart::new(client), dice }
    }

    pub fn chart(mut self) -> Chart {
        let held = self.sell_and_book();
        self.hold(held);
        self.chart
    }

    /// Puts in plans and sessions with their appointments; says which sessions were held, in order of time.
    fn sell_and_book(&mut self) -> Vec<Held> {
        let mut held = Vec::new();
        for (position, series) in self.series.iter().enumerate() {
            let package = &self.clinic.catalogue.packages[series.package];
            let sold_at = self.clinic.hours.moment(series.sold_on, 11 * 60);
            let plan = Plan {
                id: PlanId(self.dice.id(sold_at)),
                package: package.id,
                name: package.name.clone(),
                price_minor: package.price_minor,
                interval_days: package.interval_days,
                sold_on: self.clinic.hours.today.plus(series.sold_on),
                sold_by: None,
                // A few have paid the first half only.
                paid_before_minor: if self.number % 29 == 5 { package.price_minor / 2 } else { package.price_minor },
                procedures: package.procedures.clone(),
                events: Vec::new(),
            };
            for number in 1..=package.sessions {
                let slot = series.visits.get(usize::from(number) - 1).copied();
                if let Some(slot) = slot.filter(|slot| slot.day < 0) {
                    held.push(Held { slot, series: position, session: self.chart.sessions.len() });
                }
                let id = SessionId(self.dice.id(sold_at));
                let appointments = slot.into_iter().map(|slot| self.appointment(slot, sold_at)).collect();
                self.chart.sessions.push(Session {
                    id,
                    plan: plan.id,
                    number,
                    appointments,
                    past_bookings: vec![],
                    signed: None,
                    addenda: vec![],
                    co_signed: None,
                    followed_up: None,
                    photos_skipped: None,
                    reports: vec![],
                });
            }
            self.agree(series, &plan);
            self.chart.plans.push(plan);
        }
        held.sort_by_key(|held| (held.slot.day, held.slot.minute));
        held
    }

    fn appointment(&mut self, slot: Slot, booked_at: Moment) -> Appointment {
        Appointment {
            id: AppointmentId(self.dice.id(booked_at)),
            provider: self.clinic.providers[slot.provider],
            starts: self.clinic.hours.moment(slot.day, slot.minute),
            minutes: slot.minutes,
            room: self.clinic.catalogue.rooms.get(slot.provider).map(|room| room.id),
            device: None,
            procedures: Vec::new(),
            despite: None,
            arrived: None,
        }
    }

    /// Before the first session its forms are signed, in the version of that day. Who has not come yet has not signed.
    fn agree(&mut self, series: &Series, plan: &Plan) {
        let Some(first) = series.visits.first().filter(|slot| slot.day < 0) else { return };
        let at = Moment::from_millis(self.clinic.hours.moment(first.day, first.minute).millis() - 10 * MINUTE);
        let catalogue = &self.clinic.catalogue;
        let asked = catalogue.package(plan.package).into_iter().flat_map(|package| &package.consents);
        for form in asked.filter_map(|form| catalogue.consent_form(*form)) {
            let Some(version) = form.versions.iter().rfind(|version| version.published_at <= at) else { continue };
            self.chart.consents.push(Consent {
                form: form.id,
                version: version.number,
                plan: Some(plan.id),
                signer: None,
                by: self.clinic.providers[first.provider],
                at,
                photo: None,
                withdrawn: None,
            });
        }
    }

    /// Charts and signs one visit after the other, so that each carries forward from those before.
    fn hold(&mut self, held: Vec<Held>) {
        let mut coming = held.into_iter().peekable();
        while let Some(visit) = coming.next() {
            let close = |next: &Held| next.series != visit.series && next.slot.day - visit.slot.day < 8;
            // Two series due within a week are now and then treated in one visit. The later session is then
            // delivered in this one, and its own appointment falls away.
            let combined = match coming.next_if(|next| self.number > 1 && close(next) && self.dice.percent(35)) {
                Some(next) => {
                    self.chart.sessions[next.session].appointments.clear();
                    Some(next)
                }
                None => None,
            };
            let last = coming.peek().is_none();
            self.sign(&visit, combined.as_ref(), last);
            self.remark(&visit);
        }
    }

    /// What the session consists of: one treatment for each of its series' protocols.
    fn deliveries<'s>(&'s self, held: &Held, visit: &Held) -> impl Iterator<Item = Delivery<'s>> + use<'s, 'a> {
        let series = &self.series[held.series];
        let session = &self.chart.sessions[held.session];
        let day = self.clinic.hours.today.plus(visit.slot.day);
        series.protocols.iter().zip(&self.areas[held.series]).map(move |(protocol, areas)| {
            let (device, handpiece) = self.clinic.stands[*protocol];
            Delivery {
                session: session.id,
                plan: session.plan,
                number: session.number,
                sessions: self.clinic.catalogue.packages[series.package].sessions,
                protocol: *protocol,
                device,
                handpiece,
                areas,
                day,
            }
        })
    }

    fn sign(&mut self, visit: &Held, combined: Option<&Held>, last: bool) {
        let mut dice = self.dice.clone();
        let deliveries: Vec<_> = [Some(visit), combined].into_iter().flatten().flat_map(|held| self.deliveries(held, visit)).collect();
        let mut record = match deliveries.as_slice() {
            [only] if self.number == story::MAYA => story::mayas_record(&self.chart, only, &self.clinic.catalogue, &mut dice),
            deliveries => visit::record(&self.chart, deliveries, &self.clinic.catalogue, &mut dice),
        };
        if last && self.had_trouble(visit) {
            visit::go_wrong(&mut record, deliveries[0].protocol().kind, &mut dice);
        }
        let at = visit::signed_at(&self.clinic.hours, visit.slot, &mut dice);
        self.dice = dice;
        self.chart.sessions[visit.session].signed = Some(Signed { by: self.clinic.providers[visit.slot.provider], at, record });
    }

    /// Events are rare. So that even a small clinic has some that wait to be followed up, the last visit of a few
    /// clients left one.
    fn had_trouble(&self, visit: &Held) -> bool {
        self.number < 400 && self.number % 40 == 30 && visit.slot.day > LATELY
    }

    /// What was added after signing: addenda, the follow-up of an adverse event, a note pinned to the device.
    fn remark(&mut self, visit: &Held) {
        let session = &self.chart.sessions[visit.session];
        let Some((by, signed_at)) = session.signed.as_ref().map(|signed| (signed.by, signed.at)) else { return };
        let (needs_follow_up, number) = (session.needs_follow_up(), session.number);
        let maya = self.number == story::MAYA;
        let protocol = self.series[visit.series].protocols[0];
        let kind = PROTOCOLS[protocol].kind;

        if maya && visit.series == 0 && number == story::ADDENDUM_TO {
            self.add(visit, story::ADDENDUM, by, later(signed_at, 22 * HOUR));
        } else if !maya && self.dice.percent(4) {
            let text = *self.dice.pick(remarks::addenda(kind));
            let at = self.soon_after(signed_at, 48);
            self.add(visit, text, by, at);
        }
        if needs_follow_up && self.dice.percent(if visit.slot.day > LATELY { 25 } else { 97 }) {
            let text = (*self.dice.pick(remarks::FOLLOW_UPS)).to_owned();
            let at = self.soon_after(signed_at, 72);
            self.chart.sessions[visit.session].followed_up = Some(Remark { by, at, text });
        }
        let device = self.clinic.stands[protocol].0;
        let text = match maya {
            true => (visit.series == 0 && number == story::DEVICE_NOTE_AFTER).then_some(story::DEVICE_NOTE),
            false if self.chart.device_notes.iter().any(|note| note.device == device) => None,
            false => self.dice.percent(4).then(|| *self.dice.pick(remarks::device(kind))),
        };
        if let Some(text) = text {
            let at = later(signed_at, MINUTE);
            let id = DeviceNoteId(self.dice.id(at));
            self.chart.device_notes.push(DeviceNote { id, device, remark: Remark { by, at, text: text.to_owned() } });
        }
    }

    fn add(&mut self, visit: &Held, text: &str, by: StaffId, at: Moment) {
        let id = AddendumId(self.dice.id(at));
        self.chart.sessions[visit.session].addenda.push(Addendum { id, by, at, text: text.to_owned(), record: None, delivers: false });
    }

    /// Within so many hours, and never later than now.
    fn soon_after(&mut self, signed_at: Moment, hours: i32) -> Moment {
        let wanted = later(signed_at, i64::from(self.dice.between(1, hours)) * HOUR);
        wanted.min(later(signed_at, (self.clinic.now.millis() - signed_at.millis()).max(0) / 2))
    }
}

fn later(at: Moment, millis: i64) -> Moment {
    Moment::from_millis(at.millis() + millis)
}
