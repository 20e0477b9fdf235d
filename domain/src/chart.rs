//! All we know of one client: the unit of consistency, and of sync.

mod by_client;
mod for_desk;

use crate::{
    billing::Settlement,
    booking::Wish,
    catalogue::Catalogue,
    client::{Client, Contact},
    command::{Change, Decision},
    consent::Consent,
    follow_up::elsewhere::Elsewhere,
    ids::{AddendumId, CommandId, DeviceId, DeviceNoteId, PlanId, SessionId, StaffId},
    note::LONGEST_NOTE,
    photo::{Photo, Share},
    plan::{Plan, Sale},
    record::{Record, Treatment},
    rejection::Rejection,
    session::{Addendum, Remark, Session, Signed},
    time::Moment,
};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chart {
    pub client: Client,
    pub plans: Vec<Plan>,
    pub sessions: Vec<Session>,
    pub device_notes: Vec<DeviceNote>,
    /// Changes the server could not apply, kept for a person to decide.
    pub set_aside: Vec<SetAside>,
    /// Oldest first; a withdrawn one stays.
    pub consents: Vec<Consent>,
    /// What became of things delivered that no payment covers.
    pub settlements: Vec<Settlement>,
    /// Oldest first; one that was taken out of the record stays.
    pub photos: Vec<Photo>,
    /// Pictures made for people outside the clinic; a revoked one stays.
    pub shares: Vec<Share>,
    /// Her bookings that other systems keep, by time. The clinic's server alone writes them: no change does.
    pub elsewhere: Vec<Elsewhere>,
}

/// "Type IV does better with longer pulses on the Clarity II": pinned to client and device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceNote {
    pub id: DeviceNoteId,
    pub device: DeviceId,
    pub remark: Remark,
}

/// A rejected change with everything that was typed, and what a person made of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetAside {
    pub command: CommandId,
    #[serde(with = "crate::json_inside")]
    pub change: Change,
    pub by: StaffId,
    pub at: Moment,
    #[serde(with = "crate::json_inside")]
    pub rejection: Rejection,
    pub decided: Option<Decided>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decided {
    pub by: StaffId,
    pub at: Moment,
    #[serde(with = "crate::json_inside")]
    pub decision: Decision,
}

/// Who made a change, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Author {
    pub staff: StaffId,
    pub at: Moment,
}

impl Chart {
    pub fn new(client: Client) -> Self {
        Self {
            client,
            plans: Vec::new(),
            sessions: Vec::new(),
            device_notes: Vec::new(),
            set_aside: Vec::new(),
            consents: Vec::new(),
            settlements: Vec::new(),
            photos: Vec::new(),
            shares: Vec::new(),
            elsewhere: Vec::new(),
        }
    }

    pub fn plan(&self, id: PlanId) -> Option<&Plan> {
        self.plans.iter().find(|plan| plan.id == id)
    }

    pub fn session(&self, id: SessionId) -> Option<&Session> {
        self.sessions.iter().find(|session| session.id == id)
    }

    /// Set aside and still waiting for a person.
    pub fn undecided(&self) -> impl Iterator<Item = &SetAside> {
        self.set_aside.iter().filter(|item| item.decided.is_none())
    }

    /// The one place where a change is decided. The device runs it at once, the server again, with authority.
    pub fn apply(&self, change: &Change, author: Author, catalogue: &Catalogue) -> Result<Self, Rejection> {
        let mut next = self.clone();
        next.change(change, author, catalogue)?;
        Ok(next)
    }

    /// Keeps a rejected change beside the chart.
    pub fn with_set_aside(&self, item: SetAside) -> Self {
        let mut next = self.clone();
        next.set_aside.push(item);
        next
    }

    fn change(&mut self, change: &Change, author: Author, catalogue: &Catalogue) -> Result<(), Rejection> {
        if author.is_client() {
            return self.change_by_client(change, author, catalogue);
        }
        let staff = catalogue.staff_member(author.staff).filter(|staff| staff.active).ok_or(Rejection::NotAllowed)?;
        let charts = staff.role.charts();
        match change {
            Change::SignSession { session, record, rest } if charts => self.sign(*session, record, *rest, author, catalogue),
            Change::CoSign { session } if catalogue.directs(author.staff) => {
                let session = self.session_mut(*session)?;
                let signed = session.signed.as_ref().ok_or(Rejection::NotSigned)?;
                if session.co_signed.is_some() {
                    return Err(Rejection::AlreadyDecided);
                }
                // Two people stand by it, or it says nothing.
                if signed.by == author.staff {
                    return Err(Rejection::NotAllowed);
                }
                session.co_signed = Some(author);
                Ok(())
            }
            Change::AddAddendum { session, addendum, text } if charts => {
                let session = self.session_mut(*session)?;
                session.add(*addendum, text, None, author)
            }
            Change::PinDeviceNote { note, device, text } if charts => self.pin(*note, *device, text, author, catalogue),
            Change::UnpinDeviceNote { note } if charts => {
                let before = self.device_notes.len();
                self.device_notes.retain(|pinned| pinned.id != *note);
                if self.device_notes.len() == before { Err(Rejection::NotThere) } else { Ok(()) }
            }
            Change::CloseFollowUp { session, text } if charts => {
                let text = checked(text)?;
                let session = self.session_mut(*session)?;
                if !session.needs_follow_up() {
                    return Err(Rejection::AlreadyDecided);
                }
                let remark = Remark { by: author.staff, at: author.at, text };
                for report in session.reports.iter_mut().filter(|report| report.is_open()) {
                    report.answered = Some(remark.clone());
                }
                if session.has_open_event() {
                    session.followed_up = Some(remark);
                }
                Ok(())
            }
            Change::TakePhoto(shot) if charts => self.take_photo(shot, author, catalogue),
            Change::RemovePhoto { photo, reason } if charts => self.remove_photo(*photo, reason, author),
            Change::MarkPhoto { photo, mark, spot, text } if charts => self.mark_photo(*photo, *mark, *spot, text, author),
            Change::UnmarkPhoto { photo, mark } if charts => self.unmark_photo(*photo, *mark),
            Change::ReleasePhoto { photo } if charts => self.release_photo(*photo, author),
            Change::WithholdPhoto { photo } if charts => self.withhold_photo(*photo),
            Change::SkipPhotos { session, reason } if charts => self.skip_photos(*session, reason, author),
            Change::SharePhotos(sharing) if charts => self.share_photos(sharing, author, catalogue),
            Change::RevokeShare { share, reason } if charts => self.revoke_share(*share, reason, author),
            Change::CorrectContact { based_on, phone, email } => {
                if *based_on != self.client.contact.version {
                    return Err(Rejection::Stale);
                }
                self.set_contact(phone, email)
            }
            // Everybody who speaks with clients sells; each act bears a name, and later ones a reason.
            Change::SellPackage { plan, package, sessions, price_minor, paid } => {
                let sale = Sale { plan: *plan, package: *package, sessions, price_minor: *price_minor, paid: *paid };
                self.sell(sale, author, catalogue)
            }
            Change::ChangePlan { plan, event, action, reason } => self.change_plan(*plan, *event, action, reason, author, catalogue),
            Change::BookSession { session, appointment, time, procedures, despite } => {
                self.book(Wish { session: *session, id: *appointment, time: *time, procedures, despite }, author, catalogue)
            }
            Change::MoveBooking { session, appointment, time, despite } => {
                self.move_booking(Wish { session: *session, id: *appointment, time: *time, procedures: &[], despite }, author, catalogue)
            }
            Change::CancelBooking { session, appointment, no_show, reason } => {
                self.cancel_booking(*session, *appointment, *no_show, reason, author)
            }
            Change::CheckIn { session, appointment, arrived } => self.check_in(*session, *appointment, *arrived, author, catalogue),
            Change::SignConsent(signing) => self.sign_consent(signing, author, catalogue),
            Change::WithdrawConsent { form, signed_at, reason } => self.withdraw_consent(*form, *signed_at, reason, author),
            Change::SettleBilling { item, charged_minor, reason } => self.settle(*item, *charged_minor, reason, author),
            Change::Decide { command, decision } => self.decide(*command, decision, charts, author, catalogue),
            Change::SignSession { .. }
            | Change::CoSign { .. }
            | Change::AddAddendum { .. }
            | Change::PinDeviceNote { .. }
            | Change::UnpinDeviceNote { .. }
            | Change::CloseFollowUp { .. }
            | Change::ReportAfterSession { .. }
            | Change::TakePhoto(_)
            | Change::RemovePhoto { .. }
            | Change::MarkPhoto { .. }
            | Change::UnmarkPhoto { .. }
            | Change::ReleasePhoto { .. }
            | Change::WithholdPhoto { .. }
            | Change::SkipPhotos { .. }
            | Change::SharePhotos(_)
            | Change::RevokeShare { .. } => Err(Rejection::NotAllowed),
        }
    }

    pub(crate) fn session_mut(&mut self, id: SessionId) -> Result<&mut Session, Rejection> {
        self.sessions.iter_mut().find(|session| session.id == id).ok_or(Rejection::UnknownSession)
    }

    fn sign(
        &mut self,
        id: SessionId,
        record: &Record,
        rest: Option<AddendumId>,
        author: Author,
        catalogue: &Catalogue,
    ) -> Result<(), Rejection> {
        let session = self.session(id).ok_or(Rejection::UnknownSession)?;
        if let Some(signed) = session.signed.as_ref().filter(|_| rest.is_none()) {
            return Err(Rejection::AlreadySigned { by: signed.by, at: signed.at });
        }
        record.check(id, catalogue)?;
        for (treatment, counted) in
            record.treatments.iter().filter_map(|treatment| treatment.counts_for.map(|counted| (treatment, counted)))
        {
            let Session { number, plan, .. } = *self.session(counted).ok_or(Rejection::UnknownSession)?;
            let Some(plan) = self.plan(plan) else { continue };
            if plan.standing().is_over() {
                return Err(Rejection::PlanEnded { name: plan.name.clone() });
            }
            if !self.is_open(counted, treatment) {
                return Err(Rejection::AlreadyDelivered { number });
            }
            if let Some(form) = self.lacks_consent(plan.id, catalogue) {
                return Err(Rejection::ConsentMissing { form });
            }
        }
        let session = self.session_mut(id)?;
        match rest.filter(|_| session.signed.is_some()) {
            None => session.signed = Some(Signed { by: author.staff, at: author.at, record: record.clone() }),
            Some(addendum) => {
                session.add(addendum, REST, Some(record.clone()), author)?;
                session.addenda.iter_mut().filter(|added| added.id == addendum).for_each(|added| added.delivers = true);
            }
        }
        Ok(())
    }

    /// What a treatment would deliver of a session has not been delivered yet.
    fn is_open(&self, counted: SessionId, treatment: &Treatment) -> bool {
        match treatment.procedure {
            None => self.delivered_in(counted).is_none(),
            Some(procedure) => {
                let known = self.session(counted).and_then(|session| self.plan(session.plan));
                let of_plan = known.is_some_and(|plan| plan.procedures.iter().any(|other| other.id == procedure));
                of_plan && !self.performed(counted, procedure)
            }
        }
    }

    fn pin(&mut self, id: DeviceNoteId, device: DeviceId, text: &str, author: Author, catalogue: &Catalogue) -> Result<(), Rejection> {
        let text = checked(text)?;
        catalogue.device(device).ok_or(Rejection::UnknownDevice)?;
        if self.device_notes.iter().any(|note| note.id == id) {
            return Err(Rejection::Exists);
        }
        self.device_notes.push(DeviceNote { id, device, remark: Remark { by: author.staff, at: author.at, text } });
        Ok(())
    }

    fn set_contact(&mut self, phone: &str, email: &str) -> Result<(), Rejection> {
        const LONGEST: usize = 200;
        if phone.len() > LONGEST || email.len() > LONGEST {
            return Err(Rejection::TooMuch { what: "text in a phone number or address".to_owned() });
        }
        let version = self.client.contact.version + 1;
        self.client.contact = Contact { version, phone: phone.trim().to_owned(), email: email.trim().to_owned() };
        Ok(())
    }

    fn decide(
        &mut self,
        command: CommandId,
        decision: &Decision,
        charts: bool,
        author: Author,
        catalogue: &Catalogue,
    ) -> Result<(), Rejection> {
        let position = self.set_aside.iter().position(|item| item.command == command).ok_or(Rejection::NotThere)?;
        let item = &self.set_aside[position];
        if item.decided.is_some() {
            return Err(Rejection::AlreadyDecided);
        }
        match (decision, item.change.clone()) {
            (Decision::Discard { reason }, change) => {
                if change.is_clinical() && !charts {
                    return Err(Rejection::NotAllowed);
                }
                checked(reason)?;
            }
            (Decision::Keep { addendum }, Change::SignSession { session, record, rest }) if charts => {
                let by = Author { staff: item.by, at: item.at };
                let is_signed = self.session(session).is_some_and(|session| session.signed.is_some());
                // What stood in its way may be out of the way: a consent was signed meanwhile.
                match self.sign(session, &record, rest, by, catalogue) {
                    Err(rejection) if !is_signed || matches!(rejection, Rejection::ConsentMissing { .. }) => return Err(rejection),
                    Err(_) => self.session_mut(session)?.add(*addendum, "Charted a second time on another device.", Some(record), by)?,
                    Ok(()) => {}
                }
            }
            (Decision::Keep { .. }, Change::CorrectContact { phone, email, .. }) => self.set_contact(&phone, &email)?,
            (Decision::Keep { .. }, Change::TakePhoto(shot)) if charts => {
                self.take_photo(&shot, Author { staff: item.by, at: item.at }, catalogue)?;
            }
            (Decision::Keep { .. }, _) => return Err(Rejection::NotAllowed),
        }
        self.set_aside[position].decided = Some(Decided { by: author.staff, at: author.at, decision: decision.clone() });
        Ok(())
    }
}

impl Session {
    fn add(&mut self, id: AddendumId, text: &str, record: Option<Record>, author: Author) -> Result<(), Rejection> {
        let text = checked(text)?;
        if self.signed.is_none() {
            return Err(Rejection::NotSigned);
        }
        if self.addenda.iter().any(|addendum| addendum.id == id) {
            return Err(Rejection::Exists);
        }
        self.addenda.push(Addendum { id, by: author.staff, at: author.at, text, record, delivers: false });
        Ok(())
    }
}

/// What stands over the charting of what was left for another day.
pub const REST: &str = "What was left of this session, on another day.";

/// A text somebody has to have written, and of a length somebody could have.
pub(crate) fn checked(text: &str) -> Result<String, Rejection> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Rejection::Empty);
    }
    if text.len() > LONGEST_NOTE {
        return Err(Rejection::TooMuch { what: "text in one note".to_owned() });
    }
    Ok(text.to_owned())
}

#[cfg(test)]
pub(crate) mod tests;
