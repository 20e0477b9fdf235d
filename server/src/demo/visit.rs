//! What was done in one visit, as its provider would have charted it.

use super::{
    dice::Dice,
    hours::Hours,
    protocols::{Kind, PROTOCOLS, Protocol, Start},
    remarks,
    slots::Slot,
};
use domain::{
    amount::{Amount, Unit},
    area::{self, Area, Region},
    catalogue::Catalogue,
    chart::Chart,
    client::Client,
    ids::{DeviceId, HandpieceId, PlanId, SessionId},
    note::{NoteForNext, NoteOutcome, SuggestedChange},
    record::{Record, Treatment},
    skin::{AdverseEvent, Erythema, Severity, SkinResponse, SkinType},
    template::{Template, Value, Verdict},
    time::{Day, Moment},
};

/// A session of a series, about to be held.
#[derive(Clone, Debug)]
pub struct Delivery<'a> {
    pub session: SessionId,
    pub plan: PlanId,
    /// 1 for the first of the series.
    pub number: u16,
    /// Of how many.
    pub sessions: u16,
    /// Position in the list of protocols.
    pub protocol: usize,
    pub device: DeviceId,
    pub handpiece: HandpieceId,
    pub areas: &'a [Area],
    pub day: Day,
}

impl Delivery<'_> {
    pub fn protocol(&self) -> &'static Protocol {
        &PROTOCOLS[self.protocol]
    }

    /// The treatment as it opens: carried forward where there is something to carry, otherwise as the protocol
    /// begins. Nothing is confirmed that was carried.
    pub fn treatment(&self, chart: &Chart, catalogue: &Catalogue, dice: &mut Dice) -> Option<Treatment> {
        let mut treatment = chart.new_treatment(Some(self.session), self.device, self.handpiece, self.areas, catalogue)?;
        let skin = chart.client.skin_type.unwrap_or(SkinType::III);
        for (field, start) in self.protocol().settings {
            // A lot is read off the package every time.
            let drawn = matches!(start, Start::Lot(_) | Start::Expiry);
            if drawn || treatment.reading(field).is_none() {
                treatment.enter(field, start.value(skin, self.day, dice));
            }
        }
        Some(treatment)
    }
}

impl Start {
    pub fn value(&self, skin: SkinType, day: Day, dice: &mut Dice) -> Value {
        match self {
            Self::At(amount) => Value::Number(*amount),
            Self::BySkin(amounts) => {
                let position = SkinType::ALL.iter().position(|other| *other == skin).unwrap_or_default();
                Value::Number(amounts[position])
            }
            Self::Choice(option) => Value::Choice((*option).to_owned()),
            Self::Lot(prefix) => Value::Text(format!("{prefix}{:04}{}", dice.below(10_000), dice.pick(&["A", "B", "C", "D"]))),
            Self::Expiry => {
                let until = day.plus(dice.between(120, 700)).0;
                Value::Text(format!("{}-{:02}", until.year(), until.month()))
            }
        }
    }
}

/// The record of a visit in which these sessions are delivered: mostly one, sometimes one each of two series.
pub fn record(chart: &Chart, deliveries: &[Delivery], catalogue: &Catalogue, dice: &mut Dice) -> Record {
    let treatments = deliveries.iter().filter_map(|delivery| delivery.treatment(chart, catalogue, dice)).collect();
    let mut record = Record { treatments, ..Record::default() };
    for delivery in deliveries {
        settle_notes(&mut record, chart, delivery.plan, catalogue, dice);
    }
    for (treatment, delivery) in record.treatments.iter_mut().zip(deliveries) {
        if let Some(template) = catalogue.template(treatment.template) {
            adjust(treatment, delivery, &chart.client, template, dice);
        }
        treatment.confirm_all();
        count_pulses(treatment, delivery.protocol(), dice);
    }
    let Some(first) = deliveries.first() else { return record };
    record.response = response(first.protocol().kind, chart.client.skin_type, dice);
    if dice.percent(40) {
        record.note = note(&record, first, &chart.client, catalogue, dice);
    }
    record
}

/// Every note that stands on top is decided on: applied where its change still fits, otherwise read or put off.
fn settle_notes(record: &mut Record, chart: &Chart, plan: PlanId, catalogue: &Catalogue, dice: &mut Dice) {
    for standing in chart.standing_notes(plan) {
        if record.note_decision(standing.session).is_some() {
            continue;
        }
        match &standing.note.change {
            Some(change) => {
                let proposals = record.proposals(change);
                let usual = proposals.iter().all(|proposal| {
                    let treatment = &record.treatments[proposal.treatment];
                    let template = catalogue.template(treatment.template);
                    template.is_some_and(|template| is_fine(treatment, template, &chart.client, &proposal.field, &proposal.to))
                });
                if usual && !proposals.is_empty() && dice.percent(85) {
                    record.apply_note(&standing);
                } else {
                    let what = if dice.percent(50) { NoteOutcome::NotToday } else { NoteOutcome::Acknowledged };
                    record.settle_note(standing.session, what);
                }
            }
            None => {
                let what = if dice.percent(88) { NoteOutcome::Acknowledged } else { NoteOutcome::NotToday };
                record.settle_note(standing.session, what);
            }
        }
    }
}

/// Raises what rises in the course of a series, or takes it back a little, within the usual range.
fn adjust(treatment: &mut Treatment, delivery: &Delivery, client: &Client, template: &Template, dice: &mut Dice) {
    let Some((field, step)) = delivery.protocol().rising else { return };
    let Some(reading) = treatment.reading(field).filter(|reading| !reading.is_changed()) else { return };
    let Some(now) = reading.value.amount() else { return };
    let by = match (delivery.number, dice.below(100)) {
        // No two providers begin quite the same.
        (1, 0..30) => step,
        (1, _) => return,
        (_, 0..34) => step,
        (_, 34..39) => Amount(-step.0),
        _ => return,
    };
    let value = Value::Number(now.plus(by));
    if is_fine(treatment, template, client, field, &value) {
        treatment.enter(field, value);
    }
}

fn is_fine(treatment: &Treatment, template: &Template, client: &Client, field: &str, value: &Value) -> bool {
    template.field(field).is_some_and(|field| field.judge(value, treatment.circumstances(client)) == Verdict::Fine)
}

/// About as many as last time, or as an area of this size takes.
fn count_pulses(treatment: &mut Treatment, protocol: &Protocol, dice: &mut Dice) {
    if !protocol.counts_pulses {
        return;
    }
    for treated in &mut treatment.areas {
        let usual = treated.last_pulses.unwrap_or_else(|| match treated.area.kind().map(|kind| kind.region) {
            Some(Region::Face) | None => 24 + dice.below(20),
            Some(Region::Arm) => 60 + dice.below(30),
            Some(Region::Trunk) => 70 + dice.below(60),
            Some(Region::Leg) => 140 + dice.below(80),
        });
        let apart = i32::try_from(usual / 12).unwrap_or_default();
        treated.pulses = Some(usual.saturating_add_signed(dice.between(-apart, apart)));
    }
}

fn response(kind: Kind, skin: Option<SkinType>, dice: &mut Dice) -> SkinResponse {
    // Of a hundred: clear, almost clear, mild, moderate.
    let weights = match kind {
        Kind::Light => [14, 42, 38, 6],
        Kind::Ablative => [0, 5, 50, 45],
        Kind::Needles => [2, 18, 60, 20],
        Kind::Cold | Kind::Acid => [8, 37, 46, 9],
        Kind::Injection => [45, 45, 10, 0],
    };
    let erythema = Erythema::ALL[dice.weighted(weights.into_iter())];
    // Nothing swells where nothing is red.
    let most = match erythema {
        Erythema::Clear => Severity::None,
        Erythema::AlmostClear => Severity::Mild,
        Erythema::Mild | Erythema::Moderate | Erythema::Severe => Severity::Marked,
    };
    let mut sign = |mild: u32, marked: u32| match dice.below(100) {
        n if n < marked && most == Severity::Marked => Severity::Marked,
        n if n < marked + mild && most != Severity::None => Severity::Mild,
        _ => Severity::None,
    };
    let (oedema, warmth) = match kind {
        Kind::Light => (sign(30, 2), sign(35, 2)),
        Kind::Ablative | Kind::Needles => (sign(50, 8), sign(60, 10)),
        Kind::Cold => (sign(30, 3), Severity::None),
        Kind::Acid => (sign(8, 0), sign(45, 5)),
        Kind::Injection => (sign(20, 0), Severity::None),
    };
    // Redness hides on dark skin; greying is what is looked for there.
    let greying = if kind == Kind::Light && skin.is_some_and(|skin| skin >= SkinType::IV) { sign(3, 0) } else { Severity::None };
    let mut response = SkinResponse {
        erythema: Some(erythema),
        minutes_after: Some(*dice.pick(&[5, 10, 10, 10, 15, 20])),
        oedema,
        warmth,
        greying,
        ..SkinResponse::default()
    };
    let grade = match dice.below(1000) {
        0..5 => 2,
        5..18 => 1,
        _ => return response,
    };
    let event = event(kind, grade, dice);
    if event.text.contains("Blister") {
        response.blister = Severity::Marked;
    }
    response.adverse = Some(event);
    response
}

/// Adds an event that a provider has to follow up.
pub fn go_wrong(record: &mut Record, kind: Kind, dice: &mut Dice) {
    record.response.adverse = Some(event(kind, AdverseEvent::FOLLOW_UP_FROM, dice));
}

fn event(kind: Kind, grade: u8, dice: &mut Dice) -> AdverseEvent {
    AdverseEvent { grade, text: (*dice.pick(remarks::adverse(kind, grade))).to_owned() }
}

/// A note for next time: in numbers where something can still rise, or in words.
fn note(record: &Record, delivery: &Delivery, client: &Client, catalogue: &Catalogue, dice: &mut Dice) -> Option<NoteForNext> {
    if delivery.number == delivery.sessions {
        return Some(NoteForNext { text: (*dice.pick(remarks::AT_THE_END)).to_owned(), change: None });
    }
    let in_numbers = dice.percent(45).then(|| change(record, delivery, client, catalogue, dice)).flatten();
    let in_words = || NoteForNext { text: (*dice.pick(remarks::for_next(delivery.protocol().kind))).to_owned(), change: None };
    Some(in_numbers.unwrap_or_else(in_words))
}

fn change(record: &Record, delivery: &Delivery, client: &Client, catalogue: &Catalogue, dice: &mut Dice) -> Option<NoteForNext> {
    let (key, step) = delivery.protocol().rising?;
    let treatment = record.treatments.first()?;
    let template = catalogue.template(treatment.template)?;
    let field = template.field(key)?;
    let now = treatment.reading(key)?.value.amount()?;
    let reacted = record.response.erythema.is_some_and(|erythema| erythema >= Erythema::Moderate) || record.response.adverse.is_some();
    let by = if reacted { Amount(-step.0) } else { Amount(step.0 * if dice.percent(30) { 2 } else { 1 }) };
    if !is_fine(treatment, template, client, key, &Value::Number(now.plus(by))) {
        return None;
    }
    // Mostly for all that was treated; sometimes for the first area only.
    let all: Vec<Area> = treatment.areas.iter().map(|treated| treated.area.clone()).collect();
    let areas = if dice.percent(80) { all } else { all.into_iter().take(1).collect() };
    let verb = if by.0 < 0 { "Lower" } else { "Raise" };
    let text = format!("{verb} {} by {}: {}.", field.label.to_lowercase(), shown(field.unit(), by), area::summary(&areas));
    Some(NoteForNext { text, change: Some(SuggestedChange { areas, field: key.to_owned(), by }) })
}

fn shown(unit: Unit, by: Amount) -> String {
    unit.with(Amount(by.0.abs()))
}

/// When a visit was signed: a little before the time booked for it was over.
pub fn signed_at(hours: &Hours, slot: Slot, dice: &mut Dice) -> Moment {
    let ended = hours.moment(slot.day, slot.minute + slot.minutes);
    Moment::from_millis(ended.millis() - i64::from(dice.below(8 * 60_000)))
}
