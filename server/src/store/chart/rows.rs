//! A chart as rows of tables. Field names are column names: rows travel to and from Postgres as JSON
//! record sets, many charts at a time or one.

use domain::{
    amount::Amount,
    area::{Area, Side},
    billing::{BillingItem, Settlement},
    booking::{BookingEnd, PastBooking},
    chart::{Author, Chart, Decided, DeviceNote, SetAside},
    client::{Client, Contact},
    command::{Change, Decision},
    consent::{Consent, PhotoTerms},
    ids::*,
    note::{NoteDecision, NoteForNext, NoteOutcome, SuggestedChange},
    package::Procedure,
    plan::{Plan, PlanAction, PlanEvent},
    record::{Carried, Reading, Record, TreatedArea, Treatment},
    rejection::Rejection,
    report::Report,
    session::{Addendum, Appointment, Remark, Session, Signed},
    skin::{AdverseEvent, Erythema, Severity, SkinResponse, SkinType},
    template::{TemplateVersion, Value},
    time::{Day, Moment},
};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An instant as Postgres writes it in JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp(pub Moment);

impl Serialize for Stamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0.timestamp())
    }
}

impl<'de> Deserialize<'de> for Stamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map(|at| Self(Moment::new(at))).map_err(serde::de::Error::custom)
    }
}

macro_rules! rows {
    ($($name:ident { $($column:ident: $kind:ty,)* })*) => {$(
        #[derive(Serialize, Deserialize)]
        pub struct $name {
            pub clinic_id: ClinicId,
            $(pub $column: $kind,)*
        }
    )*};
}

mod photos;

use photos::{PhotoMarkRow, PhotoRow, PhotoShareRow, PhotoSkipRow};

rows! {
    ClientRow { id: ClientId, name: String, birth_date: Day, skin_type: Option<i16>, allergies: String, phone: String, email: String, contact_version: u32, }
    PlanRow {
        id: PlanId, client_id: ClientId, package_id: PackageId, name: String, price_minor: i64, interval_days: u16, sold_on: Day, position: usize,
        sold_by: Option<StaffId>, paid_before_minor: i64,
    }
    PlanProcedureRow {
        plan_id: PlanId, id: ProcedureId, client_id: ClientId, position: usize, name: String, minutes: u16, template_id: Option<TemplateId>,
    }
    PlanEventRow {
        id: PlanEventId, plan_id: PlanId, client_id: ClientId, position: usize, action: PlanAction,
        written_by: StaffId, written_at: Stamp, text: String,
    }
    SessionRow { id: SessionId, client_id: ClientId, plan_id: PlanId, number: u16, position: usize, }
    AppointmentRow {
        id: AppointmentId, session_id: SessionId, client_id: ClientId, provider_id: StaffId, starts_at: Stamp, ends_at: Stamp, minutes: u16,
        room_id: Option<RoomId>, device_id: Option<DeviceId>, procedures: Vec<ProcedureId>, despite: Option<String>, arrived_at: Option<Stamp>,
    }
    PastBookingRow {
        session_id: SessionId, position: usize, client_id: ClientId, appointment_id: AppointmentId, provider_id: StaffId,
        starts_at: Stamp, minutes: u16, room_id: Option<RoomId>, device_id: Option<DeviceId>, procedures: Vec<ProcedureId>,
        despite: Option<String>, arrived_at: Option<Stamp>, ended: BookingEnd, written_by: StaffId, written_at: Stamp, text: String,
    }
    SignedRow {
        session_id: SessionId, client_id: ClientId, signed_by: StaffId, signed_at: Stamp,
        erythema: Option<u8>, minutes_after: Option<u16>, oedema: usize, warmth: usize, greying: usize, blister: usize,
        adverse_grade: Option<u8>, adverse_text: Option<String>,
        note: Option<String>, note_field: Option<String>, note_by: Option<Amount>, note_areas: Option<Vec<String>>,
        despite: Option<String>,
    }
    DeliveryRow { session_id: SessionId, visit_id: SessionId, procedure_id: ProcedureId, }
    TreatmentRow {
        session_id: SessionId, position: usize, client_id: ClientId, counts_for: Option<SessionId>,
        device_id: DeviceId, handpiece_id: HandpieceId, template_id: TemplateId, template_version: u32,
        procedure_id: Option<ProcedureId>,
    }
    AreaRow {
        session_id: SessionId, treatment: usize, position: usize, client_id: ClientId,
        area: String, side: Option<String>, pulses: Option<u32>, last_pulses: Option<u32>,
    }
    ReadingRow {
        session_id: SessionId, treatment: usize, position: usize, client_id: ClientId,
        field: String, kind: String, amount: Option<Amount>, words: Option<String>,
        carried_from: Option<SessionId>, carried_amount: Option<Amount>, carried_words: Option<String>,
    }
    DecisionRow { session_id: SessionId, note_session_id: SessionId, client_id: ClientId, outcome: NoteOutcome, }
    AddendumRow {
        id: AddendumId, session_id: SessionId, client_id: ClientId, position: usize,
        written_by: StaffId, written_at: Stamp, text: String, record: Option<Record>, delivers: bool,
    }
    CoSignatureRow { session_id: SessionId, client_id: ClientId, signed_by: StaffId, signed_at: Stamp, }
    FollowUpRow { session_id: SessionId, client_id: ClientId, written_by: StaffId, written_at: Stamp, text: String, }
    ReportRow {
        id: ReportId, session_id: SessionId, client_id: ClientId, position: usize, reported_at: Stamp, worried: bool, text: String,
        answered_by: Option<StaffId>, answered_at: Option<Stamp>, answer: Option<String>,
    }
    DeviceNoteRow {
        id: DeviceNoteId, client_id: ClientId, device_id: DeviceId,
        written_by: StaffId, written_at: Stamp, text: String, position: usize,
    }
    SetAsideRow {
        command_id: CommandId, client_id: ClientId, position: usize, change: Change, made_by: StaffId, made_at: Stamp,
        rejection: Rejection, decided_by: Option<StaffId>, decided_at: Option<Stamp>, decision: Option<Decision>,
    }
    ConsentRow {
        client_id: ClientId, position: usize, form_id: ConsentFormId, version: u32, plan_id: Option<PlanId>, signer: Option<String>,
        witnessed_by: StaffId, signed_at: Stamp, photo: Option<PhotoTerms>,
        withdrawn_by: Option<StaffId>, withdrawn_at: Option<Stamp>, withdrawn_text: Option<String>,
    }
    SettlementRow {
        client_id: ClientId, position: usize, item: BillingItem, charged_minor: i64,
        written_by: StaffId, written_at: Stamp, text: String,
    }
}

/// Rows of any number of charts of one clinic.
#[derive(Default)]
pub struct Rows {
    pub clients: Vec<ClientRow>,
    pub plans: Vec<PlanRow>,
    pub plan_procedures: Vec<PlanProcedureRow>,
    pub plan_events: Vec<PlanEventRow>,
    pub sessions: Vec<SessionRow>,
    pub appointments: Vec<AppointmentRow>,
    pub past_bookings: Vec<PastBookingRow>,
    pub signed: Vec<SignedRow>,
    pub deliveries: Vec<DeliveryRow>,
    pub treatments: Vec<TreatmentRow>,
    pub areas: Vec<AreaRow>,
    pub readings: Vec<ReadingRow>,
    pub decisions: Vec<DecisionRow>,
    pub addenda: Vec<AddendumRow>,
    pub co_signatures: Vec<CoSignatureRow>,
    pub follow_ups: Vec<FollowUpRow>,
    pub reports: Vec<ReportRow>,
    pub device_notes: Vec<DeviceNoteRow>,
    pub set_aside: Vec<SetAsideRow>,
    pub consents: Vec<ConsentRow>,
    pub settlements: Vec<SettlementRow>,
    pub photos: Vec<PhotoRow>,
    pub photo_marks: Vec<PhotoMarkRow>,
    pub photo_skips: Vec<PhotoSkipRow>,
    pub photo_shares: Vec<PhotoShareRow>,
}

impl Rows {
    /// Adds what `after` has and `before` has not. With no `before`, the whole chart.
    pub fn add_new(&mut self, clinic_id: ClinicId, before: Option<&Chart>, after: &Chart) {
        let client_id = after.client.id;
        if before.is_none() {
            self.clients.push(client_row(clinic_id, &after.client));
        }
        for (position, plan) in after.plans.iter().enumerate() {
            self.add_plan(clinic_id, client_id, position, before.and_then(|chart| chart.plan(plan.id)), plan);
        }
        for (position, session) in after.sessions.iter().enumerate() {
            let old = before.and_then(|chart| chart.session(session.id));
            self.add_session(clinic_id, client_id, position, old, session);
            self.add_deliveries(clinic_id, old, session, after);
        }
        for (position, note) in after.device_notes.iter().enumerate() {
            if before.is_none_or(|chart| !chart.device_notes.contains(note)) {
                let Remark { by, at, text } = note.remark.clone();
                let row = DeviceNoteRow {
                    clinic_id,
                    id: note.id,
                    client_id,
                    device_id: note.device,
                    written_by: by,
                    written_at: Stamp(at),
                    text,
                    position,
                };
                self.device_notes.push(row);
            }
        }
        for (position, item) in after.set_aside.iter().enumerate() {
            if before.is_none_or(|chart| !chart.set_aside.contains(item)) {
                self.set_aside.push(set_aside_row(clinic_id, client_id, position, item));
            }
        }
        for (position, consent) in after.consents.iter().enumerate() {
            if before.is_none_or(|chart| !chart.consents.contains(consent)) {
                self.consents.push(consent_row(clinic_id, client_id, position, consent));
            }
        }
        for (position, settlement) in after.settlements.iter().enumerate().skip(before.map_or(0, |chart| chart.settlements.len())) {
            let Remark { by, at, text } = settlement.remark.clone();
            let Settlement { item, charged_minor, .. } = *settlement;
            let row = SettlementRow { clinic_id, client_id, position, item, charged_minor, written_by: by, written_at: Stamp(at), text };
            self.settlements.push(row);
        }
        self.add_photos(clinic_id, before, after);
    }

    /// What a visit's new records delivered, procedure by procedure: of which session of which series is for the whole chart to say.
    fn add_deliveries(&mut self, clinic_id: ClinicId, old: Option<&Session>, visit: &Session, chart: &Chart) {
        let known = old.map_or(0, |old| old.records().count());
        for treatment in visit.records().skip(known).flat_map(|record| &record.treatments) {
            let Some(session_id) = treatment.counts_for else { continue };
            let plan = chart.session(session_id).and_then(|session| chart.plan(session.plan));
            let of_plan: Vec<_> = plan.into_iter().flat_map(|plan| plan.procedures.iter().map(|procedure| procedure.id)).collect();
            let procedures = match treatment.procedure {
                Some(procedure) => vec![procedure],
                None if of_plan.is_empty() => vec![ProcedureId(uuid::Uuid::nil())],
                None => of_plan,
            };
            for procedure_id in procedures {
                // Two groups of settings in one visit may count for the same procedure: that is one delivery.
                let known = |row: &DeliveryRow| (row.session_id, row.procedure_id) == (session_id, procedure_id);
                if !self.deliveries.iter().rev().take_while(|row| row.visit_id == visit.id).any(known) {
                    self.deliveries.push(DeliveryRow { clinic_id, session_id, visit_id: visit.id, procedure_id });
                }
            }
        }
    }

    /// A plan's terms never change; its events are added to.
    fn add_plan(&mut self, clinic_id: ClinicId, client_id: ClientId, position: usize, old: Option<&Plan>, plan: &Plan) {
        if old.is_none() {
            self.plans.push(PlanRow {
                clinic_id,
                id: plan.id,
                client_id,
                package_id: plan.package,
                name: plan.name.clone(),
                price_minor: plan.price_minor,
                interval_days: plan.interval_days,
                sold_on: plan.sold_on,
                position,
                sold_by: plan.sold_by,
                paid_before_minor: plan.paid_before_minor,
            });
            let procedures =
                plan.procedures.iter().enumerate().map(|(position, Procedure { id, name, minutes, template })| PlanProcedureRow {
                    clinic_id,
                    plan_id: plan.id,
                    id: *id,
                    client_id,
                    position,
                    name: name.clone(),
                    minutes: *minutes,
                    template_id: *template,
                });
            self.plan_procedures.extend(procedures);
        }
        for (position, event) in plan.events.iter().enumerate().skip(old.map_or(0, |old| old.events.len())) {
            self.plan_events.push(PlanEventRow {
                clinic_id,
                id: event.id,
                plan_id: plan.id,
                client_id,
                position,
                action: event.action.clone(),
                written_by: event.remark.by,
                written_at: Stamp(event.remark.at),
                text: event.remark.text.clone(),
            });
        }
    }

    fn add_session(&mut self, clinic_id: ClinicId, client_id: ClientId, position: usize, old: Option<&Session>, session: &Session) {
        let id = session.id;
        if old.is_none() {
            self.sessions.push(SessionRow { clinic_id, id, client_id, plan_id: session.plan, number: session.number, position });
        }
        for appointment in &session.appointments {
            if old.and_then(|old| old.booking(appointment.id)) == Some(appointment) {
                continue;
            }
            let ends_at = Stamp(appointment.ends());
            let Appointment { id: appointment, provider, starts, minutes, room, device, procedures, despite, arrived } =
                appointment.clone();
            self.appointments.push(AppointmentRow {
                clinic_id,
                id: appointment,
                session_id: id,
                client_id,
                provider_id: provider,
                starts_at: Stamp(starts),
                ends_at,
                minutes,
                room_id: room,
                device_id: device,
                procedures,
                despite,
                arrived_at: arrived.map(Stamp),
            });
        }
        for (position, past) in session.past_bookings.iter().enumerate().skip(old.map_or(0, |old| old.past_bookings.len())) {
            let Appointment { id: appointment, provider, starts, minutes, room, device, procedures, despite, arrived } =
                past.appointment.clone();
            self.past_bookings.push(PastBookingRow {
                clinic_id,
                session_id: id,
                position,
                client_id,
                appointment_id: appointment,
                provider_id: provider,
                starts_at: Stamp(starts),
                minutes,
                room_id: room,
                device_id: device,
                procedures,
                despite,
                arrived_at: arrived.map(Stamp),
                ended: past.end,
                written_by: past.remark.by,
                written_at: Stamp(past.remark.at),
                text: past.remark.text.clone(),
            });
        }
        if let Some(signed) = session.signed.as_ref().filter(|_| old.is_none_or(|old| old.signed.is_none())) {
            self.add_signed(clinic_id, client_id, id, signed);
        }
        if let Some(Author { staff, at }) = session.co_signed.filter(|_| old.is_none_or(|old| old.co_signed.is_none())) {
            self.co_signatures.push(CoSignatureRow { clinic_id, session_id: id, client_id, signed_by: staff, signed_at: Stamp(at) });
        }
        for (position, addendum) in session.addenda.iter().enumerate().skip(old.map_or(0, |old| old.addenda.len())) {
            self.addenda.push(AddendumRow {
                clinic_id,
                id: addendum.id,
                session_id: id,
                client_id,
                position,
                written_by: addendum.by,
                written_at: Stamp(addendum.at),
                text: addendum.text.clone(),
                record: addendum.record.clone(),
                delivers: addendum.delivers,
            });
        }
        if let Some(Remark { by, at, text }) = session.followed_up.clone().filter(|_| old.is_none_or(|old| old.followed_up.is_none())) {
            let row = FollowUpRow { clinic_id, session_id: id, client_id, written_by: by, written_at: Stamp(at), text };
            self.follow_ups.push(row);
        }
        for (position, report) in session.reports.iter().enumerate() {
            if old.is_none_or(|old| !old.reports.contains(report)) {
                self.reports.push(report_row(clinic_id, client_id, id, position, report));
            }
        }
    }

    fn add_signed(&mut self, clinic_id: ClinicId, client_id: ClientId, session_id: SessionId, signed: &Signed) {
        let Record { treatments, response, note, decisions, despite } = &signed.record;
        let change = note.as_ref().and_then(|note| note.change.as_ref());
        self.signed.push(SignedRow {
            clinic_id,
            session_id,
            client_id,
            signed_by: signed.by,
            signed_at: Stamp(signed.at),
            erythema: response.erythema.map(Erythema::grade),
            minutes_after: response.minutes_after,
            oedema: severity_code(response.oedema),
            warmth: severity_code(response.warmth),
            greying: severity_code(response.greying),
            blister: severity_code(response.blister),
            adverse_grade: response.adverse.as_ref().map(|event| event.grade),
            adverse_text: response.adverse.as_ref().map(|event| event.text.clone()),
            note: note.as_ref().map(|note| note.text.clone()),
            note_field: change.map(|change| change.field.clone()),
            note_by: change.map(|change| change.by),
            note_areas: change.map(|change| change.areas.iter().map(area_code).collect()),
            despite: despite.clone(),
        });
        for (position, treatment) in treatments.iter().enumerate() {
            self.add_treatment(clinic_id, client_id, session_id, position, treatment);
        }
        for decision in decisions {
            let row = DecisionRow { clinic_id, session_id, note_session_id: decision.session, client_id, outcome: decision.what };
            self.decisions.push(row);
        }
    }

    fn add_treatment(&mut self, clinic_id: ClinicId, client_id: ClientId, visit: SessionId, position: usize, treatment: &Treatment) {
        self.treatments.push(TreatmentRow {
            clinic_id,
            session_id: visit,
            position,
            client_id,
            counts_for: treatment.counts_for,
            device_id: treatment.device,
            handpiece_id: treatment.handpiece,
            template_id: treatment.template.id,
            template_version: treatment.template.version,
            procedure_id: treatment.procedure,
        });
        for (n, treated) in treatment.areas.iter().enumerate() {
            self.areas.push(AreaRow {
                clinic_id,
                session_id: visit,
                treatment: position,
                position: n,
                client_id,
                area: treated.area.key.clone(),
                side: treated.area.side.map(|side| side.letter().to_owned()),
                pulses: treated.pulses,
                last_pulses: treated.last_pulses,
            });
        }
        for (n, reading) in treatment.readings.iter().enumerate() {
            let (kind, amount, words) = value_columns(&reading.value);
            let (_, carried_amount, carried_words) =
                reading.carried.as_ref().map_or((String::new(), None, None), |carried| value_columns(&carried.value));
            self.readings.push(ReadingRow {
                clinic_id,
                session_id: visit,
                treatment: position,
                position: n,
                client_id,
                field: reading.field.clone(),
                kind,
                amount,
                words,
                carried_from: reading.carried.as_ref().map(|carried| carried.session),
                carried_amount,
                carried_words,
            });
        }
    }
}

pub fn client_row(clinic_id: ClinicId, client: &Client) -> ClientRow {
    ClientRow {
        clinic_id,
        id: client.id,
        name: client.name.clone(),
        birth_date: client.birth_date,
        skin_type: client
            .skin_type
            .and_then(|skin| SkinType::ALL.iter().position(|other| *other == skin))
            .and_then(|n| i16::try_from(n + 1).ok()),
        allergies: client.allergies.clone(),
        phone: client.contact.phone.clone(),
        email: client.contact.email.clone(),
        contact_version: client.contact.version,
    }
}

fn set_aside_row(clinic_id: ClinicId, client_id: ClientId, position: usize, item: &SetAside) -> SetAsideRow {
    SetAsideRow {
        clinic_id,
        command_id: item.command,
        client_id,
        position,
        change: item.change.clone(),
        made_by: item.by,
        made_at: Stamp(item.at),
        rejection: item.rejection.clone(),
        decided_by: item.decided.as_ref().map(|decided| decided.by),
        decided_at: item.decided.as_ref().map(|decided| Stamp(decided.at)),
        decision: item.decided.as_ref().map(|decided| decided.decision.clone()),
    }
}

fn report_row(clinic_id: ClinicId, client_id: ClientId, session_id: SessionId, position: usize, report: &Report) -> ReportRow {
    let Report { id, at, worried, text, answered } = report.clone();
    let (answered_by, answered_at) = (answered.as_ref().map(|remark| remark.by), answered.as_ref().map(|remark| Stamp(remark.at)));
    let answer = answered.map(|remark| remark.text);
    ReportRow { clinic_id, id, session_id, client_id, position, reported_at: Stamp(at), worried, text, answered_by, answered_at, answer }
}

fn report(row: ReportRow) -> Report {
    let answered = match (row.answered_by, row.answered_at, row.answer) {
        (Some(by), Some(Stamp(at)), Some(text)) => Some(Remark { by, at, text }),
        _ => None,
    };
    Report { id: row.id, at: row.reported_at.0, worried: row.worried, text: row.text, answered }
}

fn consent_row(clinic_id: ClinicId, client_id: ClientId, position: usize, consent: &Consent) -> ConsentRow {
    let withdrawn = consent.withdrawn.as_ref();
    ConsentRow {
        clinic_id,
        client_id,
        position,
        form_id: consent.form,
        version: consent.version,
        plan_id: consent.plan,
        signer: consent.signer.clone(),
        witnessed_by: consent.by,
        signed_at: Stamp(consent.at),
        photo: consent.photo.clone(),
        withdrawn_by: withdrawn.map(|remark| remark.by),
        withdrawn_at: withdrawn.map(|remark| Stamp(remark.at)),
        withdrawn_text: withdrawn.map(|remark| remark.text.clone()),
    }
}

const SEVERITIES: [Severity; 3] = [Severity::None, Severity::Mild, Severity::Marked];

fn severity_code(severity: Severity) -> usize {
    SEVERITIES.iter().position(|other| *other == severity).unwrap_or_default()
}

fn severity(code: usize) -> Severity {
    SEVERITIES.get(code).copied().unwrap_or_default()
}

/// `cheek/L`, `chin`.
pub fn area_code(area: &Area) -> String {
    match area.side {
        Some(side) => format!("{}/{}", area.key, side.letter()),
        None => area.key.clone(),
    }
}

pub fn area(code: &str) -> Area {
    let (key, letter) = code.split_once('/').map_or((code, None), |(key, letter)| (key, Some(letter)));
    Area::new(key, letter.and_then(side))
}

fn side(letter: &str) -> Option<Side> {
    [Side::Left, Side::Right].into_iter().find(|side| side.letter() == letter)
}

fn value_columns(value: &Value) -> (String, Option<Amount>, Option<String>) {
    match value {
        Value::Number(amount) => ("number".to_owned(), Some(*amount), None),
        Value::Choice(words) => ("choice".to_owned(), None, Some(words.clone())),
        Value::Text(words) => ("text".to_owned(), None, Some(words.clone())),
    }
}

fn value(kind: &str, amount: Option<Amount>, words: Option<String>) -> Option<Value> {
    match kind {
        "number" => amount.map(Value::Number),
        "choice" => words.map(Value::Choice),
        _ => words.map(Value::Text),
    }
}

impl Rows {
    /// The charts these rows make up. Rows of each table have to be in the order of their positions.
    pub fn into_charts(self) -> Vec<Chart> {
        let mut charts: Vec<Chart> = self.clients.into_iter().map(|row| Chart::new(client(row))).collect();
        let place: std::collections::HashMap<_, _> = charts.iter().enumerate().map(|(n, chart)| (chart.client.id, n)).collect();
        for row in self.plans {
            charts[place[&row.client_id]].plans.push(Plan {
                id: row.id,
                package: row.package_id,
                name: row.name,
                price_minor: row.price_minor,
                interval_days: row.interval_days,
                sold_on: row.sold_on,
                sold_by: row.sold_by,
                paid_before_minor: row.paid_before_minor,
                procedures: Vec::new(),
                events: Vec::new(),
            });
        }
        let plan = |charts: &mut Vec<Chart>, client: ClientId, plan: PlanId, change: &mut dyn FnMut(&mut Plan)| {
            if let Some(plan) = charts[place[&client]].plans.iter_mut().find(|other| other.id == plan) {
                change(plan);
            }
        };
        for row in self.plan_procedures {
            let mut procedure = Some(Procedure { id: row.id, name: row.name, minutes: row.minutes, template: row.template_id });
            plan(&mut charts, row.client_id, row.plan_id, &mut |plan| plan.procedures.extend(procedure.take()));
        }
        for row in self.plan_events {
            let remark = Remark { by: row.written_by, at: row.written_at.0, text: row.text };
            let mut event = Some(PlanEvent { id: row.id, action: row.action, remark });
            plan(&mut charts, row.client_id, row.plan_id, &mut |plan| plan.events.extend(event.take()));
        }
        let mut sessions = std::collections::HashMap::new();
        for row in self.sessions {
            let chart = place[&row.client_id];
            sessions.insert(row.id, (chart, charts[chart].sessions.len()));
            charts[chart].sessions.push(Session {
                id: row.id,
                plan: row.plan_id,
                number: row.number,
                appointments: Vec::new(),
                past_bookings: Vec::new(),
                signed: None,
                addenda: Vec::new(),
                co_signed: None,
                followed_up: None,
                photos_skipped: None,
                reports: Vec::new(),
            });
        }
        let session = |id: SessionId| sessions[&id];
        for row in self.appointments {
            let (chart, n) = session(row.session_id);
            charts[chart].sessions[n].appointments.push(Appointment {
                id: row.id,
                provider: row.provider_id,
                starts: row.starts_at.0,
                minutes: row.minutes,
                room: row.room_id,
                device: row.device_id,
                procedures: row.procedures,
                despite: row.despite,
                arrived: row.arrived_at.map(|at| at.0),
            });
        }
        for row in self.past_bookings {
            let (chart, n) = session(row.session_id);
            charts[chart].sessions[n].past_bookings.push(PastBooking {
                appointment: Appointment {
                    id: row.appointment_id,
                    provider: row.provider_id,
                    starts: row.starts_at.0,
                    minutes: row.minutes,
                    room: row.room_id,
                    device: row.device_id,
                    procedures: row.procedures,
                    despite: row.despite,
                    arrived: row.arrived_at.map(|at| at.0),
                },
                end: row.ended,
                remark: Remark { by: row.written_by, at: row.written_at.0, text: row.text },
            });
        }
        for row in self.signed {
            let (chart, n) = session(row.session_id);
            charts[chart].sessions[n].signed = Some(signed(row));
        }
        let record = |charts: &mut Vec<Chart>, (chart, n): (usize, usize), change: &mut dyn FnMut(&mut Record)| {
            if let Some(signed) = charts[chart].sessions[n].signed.as_mut() {
                change(&mut signed.record);
            }
        };
        for row in self.treatments {
            let mut treatment = Some(Treatment {
                counts_for: row.counts_for,
                procedure: row.procedure_id,
                device: row.device_id,
                handpiece: row.handpiece_id,
                template: TemplateVersion { id: row.template_id, version: row.template_version },
                readings: Vec::new(),
                areas: Vec::new(),
            });
            record(&mut charts, session(row.session_id), &mut |record| record.treatments.extend(treatment.take()));
        }
        for row in self.areas {
            let mut treated = Some(TreatedArea {
                area: Area { key: row.area, side: row.side.as_deref().and_then(side) },
                pulses: row.pulses,
                last_pulses: row.last_pulses,
            });
            record(&mut charts, session(row.session_id), &mut |record| record.treatments[row.treatment].areas.extend(treated.take()));
        }
        for row in self.readings {
            let carried = row
                .carried_from
                .and_then(|session| Some(Carried { session, value: value(&row.kind, row.carried_amount, row.carried_words.clone())? }));
            let mut reading =
                value(&row.kind, row.amount, row.words).map(|value| Reading { field: row.field, value, carried, confirmed: true });
            record(&mut charts, session(row.session_id), &mut |record| record.treatments[row.treatment].readings.extend(reading.take()));
        }
        for row in self.decisions {
            let decision = NoteDecision { session: row.note_session_id, what: row.outcome };
            record(&mut charts, session(row.session_id), &mut |record| record.decisions.push(decision));
        }
        for row in self.addenda {
            let (chart, n) = session(row.session_id);
            let Stamp(at) = row.written_at;
            let addendum = Addendum { id: row.id, by: row.written_by, at, text: row.text, record: row.record, delivers: row.delivers };
            charts[chart].sessions[n].addenda.push(addendum);
        }
        for row in self.co_signatures {
            let (chart, n) = session(row.session_id);
            charts[chart].sessions[n].co_signed = Some(Author { staff: row.signed_by, at: row.signed_at.0 });
        }
        for row in self.follow_ups {
            let (chart, n) = session(row.session_id);
            charts[chart].sessions[n].followed_up = Some(Remark { by: row.written_by, at: row.written_at.0, text: row.text });
        }
        for row in self.reports {
            let (chart, n) = session(row.session_id);
            charts[chart].sessions[n].reports.push(report(row));
        }
        for row in self.photo_skips {
            let (chart, n) = session(row.session_id);
            charts[chart].sessions[n].photos_skipped = Some(row.into_remark());
        }
        for row in self.device_notes {
            let remark = Remark { by: row.written_by, at: row.written_at.0, text: row.text };
            charts[place[&row.client_id]].device_notes.push(DeviceNote { id: row.id, device: row.device_id, remark });
        }
        for row in self.set_aside {
            let decided = row.decided_by.zip(row.decided_at).zip(row.decision);
            charts[place[&row.client_id]].set_aside.push(SetAside {
                command: row.command_id,
                change: row.change,
                by: row.made_by,
                at: row.made_at.0,
                rejection: row.rejection,
                decided: decided.map(|((by, at), decision)| Decided { by, at: at.0, decision }),
            });
        }
        for row in self.consents {
            let withdrawn = row.withdrawn_by.zip(row.withdrawn_at).zip(row.withdrawn_text);
            charts[place[&row.client_id]].consents.push(Consent {
                form: row.form_id,
                version: row.version,
                plan: row.plan_id,
                signer: row.signer,
                by: row.witnessed_by,
                at: row.signed_at.0,
                photo: row.photo,
                withdrawn: withdrawn.map(|((by, at), text)| Remark { by, at: at.0, text }),
            });
        }
        for row in self.settlements {
            let remark = Remark { by: row.written_by, at: row.written_at.0, text: row.text };
            let settlement = Settlement { item: row.item, charged_minor: row.charged_minor, remark };
            charts[place[&row.client_id]].settlements.push(settlement);
        }
        for row in self.photos {
            charts[place[&row.client_id]].photos.push(row.into_photo());
        }
        for row in self.photo_marks {
            let photos = &mut charts[place[&row.client_id]].photos;
            if let Some(photo) = photos.iter_mut().find(|photo| photo.shot.id == row.photo_id) {
                photo.marks.push(row.into_mark());
            }
        }
        for row in self.photo_shares {
            charts[place[&row.client_id]].shares.push(row.into_share());
        }
        charts
    }
}

fn client(row: ClientRow) -> Client {
    let skin = row.skin_type.and_then(|n| usize::try_from(n - 1).ok()).and_then(|n| SkinType::ALL.get(n).copied());
    Client {
        id: row.id,
        name: row.name,
        birth_date: row.birth_date,
        skin_type: skin,
        allergies: row.allergies,
        contact: Contact { version: row.contact_version, phone: row.phone, email: row.email },
    }
}

fn signed(row: SignedRow) -> Signed {
    let change = row.note_field.zip(row.note_by).map(|(field, by)| SuggestedChange {
        areas: row.note_areas.unwrap_or_default().iter().map(|code| area(code)).collect(),
        field,
        by,
    });
    let response = SkinResponse {
        erythema: row.erythema.and_then(|grade| Erythema::ALL.into_iter().find(|erythema| erythema.grade() == grade)),
        minutes_after: row.minutes_after,
        oedema: severity(row.oedema),
        warmth: severity(row.warmth),
        greying: severity(row.greying),
        blister: severity(row.blister),
        adverse: row.adverse_grade.map(|grade| AdverseEvent { grade, text: row.adverse_text.unwrap_or_default() }),
    };
    let note = row.note.map(|text| NoteForNext { text, change });
    let record = Record { treatments: Vec::new(), response, note, decisions: Vec::new(), despite: row.despite };
    Signed { by: row.signed_by, at: row.signed_at.0, record }
}
