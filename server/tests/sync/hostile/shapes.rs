//! Every address with a request as somebody means it: what is put elsewhere starts from these.

use super::{
    asking::Request,
    values::{Values, encoded},
};
use crate::{
    clinic::{
        CLINIC, COLLEAGUE, FORM, LASER, PACKAGE, PROCEDURES, PROVIDER, ROOMS, SESSIONS, TEMPLATE, client, id, package, plan, record,
        session,
    },
    photos::{
        browser::hash,
        studio::{PHOTO_FORM, consent, shot},
    },
};
use app::api::{
    CatalogueEdit, PeopleEdit, PullRequest,
    audit::{AuditAsked, AuditCursor, Look, LookedRequest},
    installation::{InstallationAct, PinTyped, Unsent},
    photos::PIECE_HASH,
};
use domain::{
    amount::Amount,
    area::{Area, Side},
    billing::BillingItem,
    booking::Time,
    catalogue::{Device, Handpiece, Role, Room},
    command::{COMMAND_VERSION, Change, Command, Decision},
    consent::{ConsentForm, ConsentKind, ELEMENTS, PhotoScope},
    follow_up::policy::{Policies, Policy},
    hours::{OpeningHours, StaffHours},
    ids::*,
    note::{NoteDecision, NoteForNext, NoteOutcome, SuggestedChange},
    numbers::Span,
    people::Person,
    photo::{Sharing, Spot},
    plan::{Payment, PaymentMethod, PlanAction},
    record::Record,
    spacing::SpacingRule,
    template::{Field, FieldKind, Template},
    time::{Day, Moment},
    view::{Guide, Setup, View, ViewSet},
};
use serde_json::{Value, json};
use server::http::routes::routes;
use std::sync::atomic::{AtomicU64, Ordering};
use uuid::Uuid;

/// The browser they sit at, and one that is to be emptied.
pub const IPAD: InstallationId = InstallationId(id(950));
pub const LOST: InstallationId = InstallationId(id(951));
/// Another booking system that is connected, with a booking of nobody.
pub const FEED: Uuid = id(952);

/// Who asks, and what is there for them.
pub struct There {
    pub staff: StaffId,
    pub email: String,
    pub photo: PhotoId,
    /// Of a link for somebody new.
    pub invitation: String,
    /// Of a picture that is shared.
    pub share: String,
}

pub enum Body {
    Nothing,
    Form(Vec<(&'static str, String)>),
    /// Several, each by itself.
    Json(Vec<Value>),
    /// Commands of a push.
    Commands(StaffId, Vec<Value>),
    Piece(Vec<u8>),
}

pub struct Shape {
    pub method: String,
    pub path: &'static str,
    /// What stands in the path's braces, in order.
    parts: Vec<String>,
    query: Vec<(&'static str, String)>,
    body: Body,
}

const JSON: &str = "application/json";
const FORM_TYPE: &str = "application/x-www-form-urlencoded";

/// Stand for ids that are new each time.
pub const fn fresh(n: u128) -> Uuid {
    id(0xf4e5_0000 + n)
}

static MADE: AtomicU64 = AtomicU64::new(0);

/// With new ids wherever there are to be some.
fn freshened(text: &str) -> String {
    let made = MADE.fetch_add(1, Ordering::Relaxed);
    (0..12).fold(text.to_owned(), |text, n| {
        text.replace(&fresh(n).to_string(), &id(0xabcd_0000_0000_0000 + u128::from(made) * 16 + n).to_string())
    })
}

impl Shape {
    /// As it is meant.
    pub fn meant(&self) -> Vec<Request> {
        match &self.body {
            Body::Nothing => vec![self.request(&self.parts, &self.query, "", Vec::new())],
            Body::Form(fields) => vec![self.form(&self.parts, fields)],
            Body::Json(samples) => samples.iter().map(|sample| self.json(sample)).collect(),
            Body::Commands(by, samples) => samples.chunks(50).map(|chunk| self.push(*by, chunk)).collect(),
            Body::Piece(piece) => vec![self.request(&self.parts, &self.query, "application/octet-stream", piece.clone())],
        }
    }

    /// With something else in one place, for every place and everything; of those every `step`th.
    pub fn spoiled(&self, values: &Values, step: usize) -> Vec<Request> {
        let mut all = Vec::new();
        for (n, _) in self.parts.iter().enumerate() {
            for value in values.bytes() {
                let mut parts: Vec<String> = self.parts.iter().map(|part| encoded(part.as_bytes())).collect();
                parts[n] = encoded(&value);
                all.push(self.target(&parts, &self.query_as_is()));
            }
        }
        for (n, _) in self.query.iter().enumerate() {
            for value in values.bytes() {
                let mut query = self.query_as_is();
                query[n].1 = encoded(&value);
                all.push(self.target(&self.parts, &query));
            }
        }
        let mut all: Vec<_> = all.into_iter().step_by(step).map(|target| self.with_body(target)).collect();
        match &self.body {
            Body::Nothing | Body::Piece(_) => {}
            Body::Form(fields) => {
                let mut forms = Vec::new();
                for (n, _) in fields.iter().enumerate() {
                    for value in values.bytes() {
                        let mut fields: Vec<_> = fields.iter().map(|(name, value)| (*name, encoded(value.as_bytes()))).collect();
                        fields[n].1 = encoded(&value);
                        let body = fields.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&");
                        forms.push(self.request(&self.parts, &self.query, FORM_TYPE, body.into_bytes()));
                    }
                }
                all.extend(forms.into_iter().step_by(step));
            }
            Body::Json(samples) => {
                all.extend(samples.iter().flat_map(|sample| values.spoiled(sample)).step_by(step).map(|sample| self.json(&sample)))
            }
            Body::Commands(by, samples) => {
                let commands: Vec<_> = samples.iter().flat_map(|sample| values.spoiled(sample)).step_by(step).collect();
                all.extend(commands.chunks(50).map(|chunk| self.push(*by, chunk)));
            }
        }
        all
    }

    /// With bodies that are nothing of the kind.
    pub fn with(&self, bodies: &[Vec<u8>]) -> Vec<Request> {
        let content_type = if self.path.starts_with("/api/") { JSON } else { FORM_TYPE };
        bodies.iter().map(|body| self.request(&self.parts, &self.query, content_type, body.clone())).collect()
    }

    fn query_as_is(&self) -> Vec<(&'static str, String)> {
        self.query.iter().map(|(name, value)| (*name, encoded(value.as_bytes()))).collect()
    }

    fn target(&self, parts: &[String], query: &[(&'static str, String)]) -> String {
        let mut parts = parts.iter();
        let mut pieces = self.path.split('{');
        let mut target = pieces.next().unwrap_or_default().to_owned();
        for piece in pieces {
            let rest = piece.split_once('}').map_or("", |(_, rest)| rest);
            target += parts.next().expect("a value for each brace");
            target += rest;
        }
        let query: Vec<_> = query.iter().map(|(name, value)| format!("{name}={value}")).collect();
        if query.is_empty() { target } else { format!("{target}?{}", query.join("&")) }
    }

    fn with_body(&self, target: String) -> Request {
        let mut request = self.meant().remove(0);
        request.target = target.into_bytes();
        request
    }

    fn request(&self, parts: &[String], query: &[(&'static str, String)], content_type: &str, body: Vec<u8>) -> Request {
        let mut headers = Vec::new();
        if !content_type.is_empty() {
            headers.push(("content-type".to_owned(), content_type.as_bytes().to_vec()));
        }
        if let Body::Piece(_) = self.body {
            headers.push((PIECE_HASH.to_owned(), hash(&body).into_bytes()));
        }
        Request { method: self.method.clone(), target: self.target(parts, query).into_bytes(), headers, body }
    }

    fn form(&self, parts: &[String], fields: &[(&'static str, String)]) -> Request {
        let body = fields.iter().map(|(name, value)| format!("{name}={}", encoded(value.as_bytes()))).collect::<Vec<_>>().join("&");
        self.request(parts, &self.query, FORM_TYPE, body.into_bytes())
    }

    fn json(&self, sample: &Value) -> Request {
        self.request(&self.parts, &self.query, JSON, freshened(&sample.to_string()).into_bytes())
    }

    fn push(&self, by: StaffId, commands: &[Value]) -> Request {
        let numbered = |(n, command): (usize, &Value)| json!({ "number": n, "text": freshened(&command.to_string()) });
        let commands: Vec<_> = commands.iter().enumerate().map(numbered).collect();
        self.request(
            &self.parts,
            &[],
            JSON,
            json!({ "request": { "installation": IPAD, "by": by, "commands": commands } }).to_string().into_bytes(),
        )
    }
}

fn value<T: serde::Serialize>(of: T) -> Value {
    serde_json::to_value(of).unwrap()
}

/// All there are; a new address has to be given one.
pub fn shapes(there: &There) -> Vec<Shape> {
    routes().iter().map(|route| shape(route.method.as_str(), route.path, there)).collect()
}

fn shape(method: &str, path: &'static str, there: &There) -> Shape {
    let part = |name: &str| match name {
        "client" => client(0).to_string(),
        "form" => FORM.to_string(),
        "signed_at" => "1790000000000".to_owned(),
        "clinic" => CLINIC.to_string(),
        "message" => id(0x1234).to_string(),
        "installation" => LOST.to_string(),
        "feed" => FEED.to_string(),
        "photo" => there.photo.to_string(),
        "offset" => "0".to_owned(),
        "session" => session(0, 3).to_string(),
        "appointment" => id(0x1234).to_string(),
        "plan" => plan(0, true).to_string(),
        "token" if path.starts_with("/invitation") => there.invitation.clone(),
        "token" if path.starts_with("/shared") => there.share.clone(),
        "token" => "0a".repeat(32),
        other => panic!("nothing is known to stand for {{{other}}} in {path}"),
    };
    let parts = path.split('{').skip(1).filter_map(|piece| piece.split_once('}')).map(|(name, _)| part(name)).collect();
    let query = match (method, path) {
        ("GET", "/accounts.csv" | "/touches.csv") => vec![("from", "2026-01-01".to_owned()), ("to", "2026-12-31".to_owned())],
        ("GET", "/numbers.csv") => {
            vec![("table", "packages".to_owned()), ("from", "2026-01-01".to_owned()), ("to", "2026-12-31".to_owned())]
        }
        ("GET", "/sign-in" | "/sign-in/second-step") => vec![("next", "/calendar".to_owned())],
        ("GET", "/elsewhere") => {
            vec![("feed", FEED.to_string()), ("booking", "b-1".to_owned()), ("words", "client".to_owned())]
        }
        ("GET", "/me") => vec![("said", "booked".to_owned())],
        ("GET", "/me/book/{session}") => vec![("from", "2026-10-01".to_owned())],
        ("GET", _) => vec![("anything", "1".to_owned())],
        _ => Vec::new(),
    };
    let body = if method == "GET" { Body::Nothing } else { body(path, there) };
    Shape { method: method.to_owned(), path, parts, query, body }
}

fn body(path: &str, there: &There) -> Body {
    let form = |fields: &[(&'static str, &str)]| Body::Form(fields.iter().map(|(name, value)| (*name, (*value).to_owned())).collect());
    let one = |value: Value| Body::Json(vec![value]);
    let moment = Moment::from_millis(1_790_000_000_000);
    match path {
        "/photos/{photo}/upload/{offset}" => Body::Piece(vec![7; 100]),
        "/invitation/{token}" => form(&[("password", "lamp orbit velvet seven")]),
        "/invitation/{token}/app" | "/account/app/confirm" => form(&[("code", "123456")]),
        "/invitation/{token}/passkey" | "/account/passkey" => form(&[("name", "My key"), ("answer", "{}")]),
        "/sign-in" => form(&[("email", &there.email), ("password", "wrong"), ("next", "/calendar")]),
        "/sign-in/second-step" => form(&[("code", "123456"), ("next", "/calendar")]),
        "/sign-in/passkey" => form(&[("challenge", &"0a".repeat(32)), ("answer", "{}"), ("next", "/")]),
        "/account/confirm" => form(&[("password", "wrong")]),
        "/account/passkey/remove" => form(&[("id", &fresh(0).to_string())]),
        "/me/ask" => form(&[("to", "nobody@clinic.example")]),
        "/me/messages" => form(&[
            ("email_reminders", "on"),
            ("email_offers", "on"),
            ("sms_reminders", "on"),
            ("sms_offers", "on"),
            ("zone", "Europe/Berlin"),
            ("detail_by_sms", "on"),
        ]),
        "/me/book/{session}" => form(&[("starts", "1790400000000")]),
        "/me/at/{token}" => form(&[("starts", "1790400000000")]),
        "/sms/status/{message}" => form(&[("MessageSid", "SM1"), ("MessageStatus", "undelivered"), ("ErrorCode", "30003")]),
        "/sms/incoming/{clinic}" => form(&[("MessageSid", "SM1"), ("From", "+13125550100"), ("Body", "STOP, it burns")]),
        "/carriers/email" => form(&[
            ("host", "127.0.0.1"),
            ("port", "1"),
            ("security", "none"),
            ("user", "clinic"),
            ("secret", "secret"),
            ("from_name", "Clinic"),
            ("from_address", "hello@clinic.example"),
            ("bounces", "bounce@clinic.example"),
        ]),
        "/carriers/sms" => form(&[
            ("account", &format!("AC{}", "0a".repeat(16))),
            ("secret", "secret"),
            ("from", "+13125550100"),
            ("country", "1"),
            ("base", "http://127.0.0.1:1"),
        ]),
        "/webhooks/bookings/{feed}" => one(json!({ "type": "booking.booked", "booking": {
            "id": "b-1", "changed_at": "2026-10-01T10:00:00Z", "starts_at": "2026-10-20T10:00:00Z",
            "client": { "id": "c-1", "name": "Client 0", "email": "client0@example.com", "phone": "+13125550100" }, "service": "Laser",
        } })),
        "/elsewhere/make" => form(&[("name", "Booker")]),
        "/elsewhere/service" => form(&[("feed", &FEED.to_string()), ("service", "laser"), ("means", &PACKAGE.to_string())]),
        "/elsewhere/secret" | "/elsewhere/remove" => form(&[("feed", &FEED.to_string())]),
        "/elsewhere/pick" => form(&[
            ("feed", &FEED.to_string()),
            ("booking", "b-1"),
            ("client", &client(0).to_string()),
            ("plan", &plan(0, true).to_string()),
        ]),
        "/carriers/remove" => form(&[("channel", "sms")]),
        "/carriers/test" => form(&[("channel", "email"), ("to", "owner@clinic.example")]),
        "/me/consent/{plan}/{form}" => form(&[("version", "1"), ("name", "Client 0"), ("ink", "[[[100,200],[700,260]]]")]),
        "/me/report/{session}" => form(&[("how", "worried"), ("text", "It itches.")]),
        "/invitation/{token}/passkey/options"
        | "/sign-in/passkey/options"
        | "/account/app"
        | "/account/codes"
        | "/account/passkey/options" => form(&[]),
        "/me/link/{token}" | "/me/sign-out" | "/me/cancel/{appointment}" => form(&[]),
        "/api/sign-out" | "/api/who" | "/api/people" | "/api/installations" => one(json!({})),
        "/api/push" => Body::Commands(there.staff, changes(there).into_iter().map(|change| command(change, there)).collect()),
        "/api/pull" => one(json!({ "request": PullRequest { since: 1, epoch: Some(EpochId(id(8))), by: Some(there.staff) } })),
        "/api/edit-catalogue" => Body::Json(edits().into_iter().map(|edit| json!({ "edit": edit })).collect()),
        "/api/change-people" => {
            Body::Json(vec![json!({ "edit": PeopleEdit::Save(somebody()) }), json!({ "edit": PeopleEdit::Invite(COLLEAGUE) })])
        }
        "/api/signed-document" => one(json!({ "client": client(0), "form": FORM, "signed_at": moment })),
        "/api/open" | "/api/standing" => one(json!({ "installation": IPAD })),
        "/api/wiped" => one(json!({ "installation": LOST })),
        "/api/set-pin" => one(json!({ "installation": IPAD, "pin": "204816", "was": "204816" })),
        "/api/switch" => one(json!({ "typed": PinTyped { installation: IPAD, staff: there.staff, pin: "204817".into() } })),
        "/api/quarantine" => {
            let unsent = Unsent { place: "drafts".into(), key: "somewhere".into(), sealed: vec![2, 7, 7] };
            one(json!({ "installation": LOST, "unsent": [unsent] }))
        }
        "/api/change-installation" => {
            let acts = [value(InstallationAct::Name("Room 2".into())), value(InstallationAct::SignOut)];
            Body::Json(acts.iter().map(|act| json!({ "installation": IPAD, "act": act })).collect())
        }
        "/api/looked" => {
            let look = Look { id: LookId(fresh(0)), client: client(0), at: moment, page: domain::audit::LookedPage::Chart };
            one(json!({ "request": LookedRequest { by: there.staff, looks: vec![look] } }))
        }
        "/api/audit-of-client" => {
            let before = Some(AuditCursor { at: moment, number: 3 });
            one(json!({ "asked": AuditAsked { client: client(0), before } }))
        }
        "/api/call-list" | "/api/follow-up-policies" => one(json!({})),
        "/api/numbers" => one(json!({ "span": Span { from: Day::new(2026, 1, 1), until: None } })),
        "/api/save-follow-up-policies" => {
            let policies = Policies { usual: Policy::light(), of_packages: vec![(PACKAGE, Policy::standard())], ..Policies::standard() };
            one(json!({ "policies": policies, "based_on": 0 }))
        }
        "/api/log-call" => one(json!({ "logged": { "id": client(0), "what": { "Snoozed": { "until": "2030-01-01" } }, "note": "later" } })),
        "/api/client-language" => one(json!({ "client": client(0), "language": "en" })),
        "/api/client-messages" | "/api/invite-client" | "/api/client-follow-up" => one(json!({ "client": client(0) })),
        other => panic!("nobody has said what is sent to {other}"),
    }
}

fn somebody() -> Person {
    Person {
        id: StaffId(fresh(0)),
        name: "Sofia Lind".into(),
        role: Role::Provider,
        email: format!("{}@clinic.example", fresh(1)),
        active: true,
        version: 0,
    }
}

fn command(change: Change, there: &There) -> Value {
    let at = Moment::from_millis(1_790_000_100_000);
    let command = Command {
        v: COMMAND_VERSION,
        id: CommandId(fresh(11)),
        clinic: CLINIC,
        installation: IPAD,
        client: client(0),
        by: there.staff,
        at,
        change,
    };
    value(command)
}

/// One of each kind, with all that can be in it.
fn changes(there: &There) -> Vec<Change> {
    let time = |hour: i64| Time {
        provider: PROVIDER,
        starts: Moment::from_millis(1_790_500_000_000 + hour * 3_600_000),
        minutes: 30,
        room: Some(ROOMS[0]),
        device: Some(LASER),
    };
    let change_plan = |action| Change::ChangePlan { plan: plan(0, false), event: PlanEventId(fresh(0)), action, reason: "Because.".into() };
    let day = Day::new(2026, 10, 1);
    let full = Record {
        note: Some(NoteForNext {
            text: "A little more.".into(),
            change: Some(SuggestedChange {
                areas: vec![Area::new("cheek", Some(Side::Left))],
                field: "pulse".into(),
                by: Amount::whole(1),
            }),
        }),
        decisions: vec![NoteDecision { session: session(0, 1), what: NoteOutcome::Applied }],
        despite: Some("She asked.".into()),
        ..record(session(0, 2), 10)
    };
    let booked = AppointmentId(id(0x1234));
    let mut changes = vec![
        Change::SignSession { session: session(0, 2), record: full, rest: Some(AddendumId(fresh(0))) },
        Change::AddAddendum { session: session(0, 1), addendum: AddendumId(fresh(0)), text: "Red for a day.".into() },
        Change::PinDeviceNote { note: DeviceNoteId(fresh(0)), device: LASER, text: "New lamp.".into() },
        Change::UnpinDeviceNote { note: DeviceNoteId(fresh(0)) },
        Change::ReportAfterSession { session: session(0, 1), report: ReportId(fresh(0)), worried: true, text: "It itches.".into() },
        Change::CloseFollowUp { session: session(0, 1), text: "Called.".into() },
        Change::CoSign { session: session(0, 1) },
        Change::CorrectContact { based_on: 0, phone: "+1 555 0100".into(), email: "client@clinic.example".into() },
        Change::Decide { command: CommandId(fresh(0)), decision: Decision::Discard { reason: "Twice.".into() } },
        Change::Decide { command: CommandId(fresh(0)), decision: Decision::Keep { addendum: AddendumId(fresh(1)) } },
        Change::SellPackage {
            plan: PlanId(fresh(0)),
            package: PACKAGE,
            sessions: (0..u128::from(SESSIONS)).map(|n| SessionId(fresh(1 + n))).collect(),
            price_minor: 402,
            paid: Some(Payment { event: PlanEventId(fresh(6)), minor: 100, how: PaymentMethod::Card }),
        },
        Change::BookSession {
            session: session(0, 4),
            appointment: AppointmentId(fresh(0)),
            time: time(0),
            procedures: PROCEDURES.to_vec(),
            despite: "Soon.".into(),
        },
        Change::MoveBooking { session: session(0, 4), appointment: booked, time: time(3), despite: "Soon.".into() },
        Change::CancelBooking { session: session(0, 4), appointment: booked, no_show: false, reason: "Ill.".into() },
        Change::CheckIn { session: session(0, 4), appointment: booked, arrived: true },
        consent(&[PhotoScope::Record, PhotoScope::Website]),
        Change::WithdrawConsent { form: PHOTO_FORM, signed_at: Moment::from_millis(1_790_000_000_000), reason: "No more.".into() },
        Change::SettleBilling { item: BillingItem::Session(session(0, 1)), charged_minor: 100, reason: "Charged.".into() },
        Change::RemovePhoto { photo: PhotoId(fresh(0)), reason: "Blurred.".into() },
        Change::MarkPhoto { photo: there.photo, mark: MarkId(fresh(0)), spot: Spot { x: 100, y: 100, radius: 10 }, text: "Here.".into() },
        Change::ReleasePhoto { photo: there.photo },
        Change::SkipPhotos { session: session(0, 2), reason: "No time.".into() },
        Change::SharePhotos(Sharing {
            id: ShareId(fresh(0)),
            token: "0b".repeat(32),
            before: there.photo,
            after: PhotoId(fresh(1)),
            scope: PhotoScope::Website,
        }),
        Change::RevokeShare { share: ShareId(fresh(0)), reason: "No.".into() },
    ];
    let mut taken = shot(9, 1, b"a file", (400, 300));
    taken.id = PhotoId(fresh(0));
    changes.push(Change::TakePhoto(taken));
    changes.extend(
        [
            PlanAction::Freeze { until: day },
            PlanAction::Extend { sessions: vec![SessionId(fresh(1))] },
            PlanAction::Refund { minor: 1 },
            PlanAction::Pay { minor: 1, how: PaymentMethod::Cash },
            PlanAction::Transfer {
                to: client(1),
                plan: PlanId(fresh(1)),
                event: PlanEventId(fresh(2)),
                sessions: vec![SessionId(fresh(3))],
            },
            PlanAction::Maintain { sessions: vec![SessionId(fresh(1))], price_minor: 300 },
            PlanAction::Offer { taken: false },
            PlanAction::GiveUp { session: session(0, 3), procedure: PROCEDURES[0] },
        ]
        .map(change_plan),
    );
    changes
}

/// Of each kind of edit one that could be saved.
fn edits() -> Vec<Value> {
    let device = Device {
        id: DeviceId(fresh(0)),
        maker: "Candela".into(),
        model: "GentleMax".into(),
        handpieces: vec![Handpiece { id: HandpieceId(fresh(1)), name: "18 mm".into(), template: TEMPLATE, retired: false }],
        retired: false,
        version: 0,
    };
    let field = Field { key: "lamp".into(), label: "Lamp".into(), required: false, kind: FieldKind::Text };
    let template = Template { id: TemplateId(fresh(0)), version: 0, name: "Nd:YAG".into(), fields: vec![field], source: "Manual".into() };
    let mut sold = package(true);
    sold.id = PackageId(fresh(0));
    sold.procedures.truncate(1);
    sold.procedures[0].id = ProcedureId(fresh(1));
    sold.version = 0;
    let form = ConsentForm {
        id: ConsentFormId(fresh(0)),
        kind: ConsentKind::Treatment,
        name: "Peel".into(),
        draft: ELEMENTS.map(str::to_owned),
        versions: vec![],
        retired: false,
        edits: 0,
    };
    let view = View { id: ViewId(fresh(1)), name: "Left".into(), guide: Guide::FaceFront, instruction: "Look up.".into(), retired: false };
    let setup = Setup { distance: "1 m".into(), light: "Two lamps".into(), background: "Grey".into() };
    let set = ViewSet {
        id: ViewSetId(fresh(0)),
        name: "Profile".into(),
        areas: vec![Area::new("cheek", Some(Side::Left))],
        setup,
        views: vec![view],
        retired: false,
        version: 0,
    };
    let open: OpeningHours = OpeningHours::default();
    let hours = OpeningHours {
        closures: vec![Day::new(2026, 12, 25).unwrap()],
        staff: vec![StaffHours { staff: PROVIDER, week: open.week.clone() }],
        ..OpeningHours::default()
    };
    let rule = SpacingRule { earlier: TEMPLATE, later: TEMPLATE, region: None, days: 14 };
    [
        CatalogueEdit::Device(device),
        CatalogueEdit::Template(template),
        CatalogueEdit::Package(sold),
        CatalogueEdit::Room(Room { id: RoomId(fresh(0)), name: "Room 9".into(), retired: false, version: 0 }),
        CatalogueEdit::ConsentForm(form),
        CatalogueEdit::PublishConsent { form: FORM, edits: 1, material: false },
        CatalogueEdit::Hours { was: open, now: hours },
        CatalogueEdit::Spacing { was: vec![], now: vec![rule] },
        CatalogueEdit::ViewSet(set),
        CatalogueEdit::Maintenance { was: 15, now: 16 },
    ]
    .map(value)
    .to_vec()
}
