//! Who works at the clinic: the owner's edits, each checked against who stands there, and the links that let people in.

use crate::{
    audit::{self, Entry},
    clinic::Clinics,
    editing::{EditError, based_on, check},
    host::Host,
    store::{self, StoreError, Tx, clinic, invitation, people},
};
use app::api::{ApiError, Invitation, ListedPerson, PeopleEdit, SignedIn};
use domain::{
    audit::Action,
    ids::{ClinicId, StaffId},
    people::{Person, faults},
    time::Moment,
};

/// A link is good for so long: somebody who works every other day finds it in time.
pub const INVITATION_SECONDS: i64 = 72 * 3600;

type Result<T> = std::result::Result<T, EditError>;

pub async fn list(clinics: &Clinics, signed_in: &SignedIn) -> store::Result<Vec<ListedPerson>> {
    let mut tx = store::begin(&clinics.pool, signed_in.clinic).await?;
    people::list(&mut tx, signed_in.clinic, clinics.host.now()).await
}

/// Makes an edit, when there is nothing against it. The link is that of whoever was invited with it.
pub async fn change(clinics: &Clinics, signed_in: &SignedIn, edit: PeopleEdit) -> Result<Option<Invitation>> {
    let (id, at) = (signed_in.clinic, clinics.host.now());
    let mut tx = store::begin(&clinics.pool, id).await?;
    let version = clinic::lock_version(&mut tx, id).await?;
    let listed = people::list(&mut tx, id, at).await?;
    let mut edited = None;
    let invited = match edit {
        PeopleEdit::Save(person) => {
            let person = person.tidy();
            let is_new = save(&mut tx, signed_in, &listed, &person).await?;
            let change = clinic::Change { client: None, command: None, by: Some(signed_in.staff), at };
            clinic::raise_version(&mut tx, id, version.version + 1, change).await?;
            edited = Some(person.id);
            is_new.then_some(person.id)
        }
        PeopleEdit::Invite(staff) => {
            let person = listed.iter().map(|listed| &listed.person).find(|person| person.id == staff);
            let person = person.ok_or(EditError::Api(ApiError::Stale))?;
            check(if person.active { vec![] } else { vec![format!("{} has left. First say that they work here again.", person.name)] })?;
            check(if person.email.is_empty() { vec!["Write down their e-mail address first.".to_owned()] } else { vec![] })?;
            Some(staff)
        }
    };
    let link = match invited {
        Some(staff) => Some(invite(&mut tx, clinics.host.as_ref(), id, staff, Some(signed_in.staff)).await?),
        None => None,
    };
    let told = [(Action::EditPerson, edited), (Action::InvitePerson, invited)].into_iter();
    let entries = told.filter_map(|(action, staff)| Some(Entry::by_staff(signed_in.staff, action).id("staff", staff?.0))).collect();
    audit::add_all(&mut tx, clinics, id, entries).await?;
    tx.commit().await.map_err(StoreError::from)?;
    Ok(link)
}

/// Whether it is somebody new.
async fn save(tx: &mut Tx, signed_in: &SignedIn, listed: &[ListedPerson], person: &Person) -> Result<bool> {
    let stands: Vec<_> = listed.iter().map(|listed| listed.person.clone()).collect();
    let before = stands.iter().find(|before| before.id == person.id);
    based_on(before.map_or(0, |before| before.version), person.version)?;
    check(faults(&stands, person, signed_in.staff))?;
    let saved = Person { version: person.version + 1, ..person.clone() };
    people::save(tx, signed_in.clinic, &saved).await.map_err(|error| {
        if error.is_about("account_email") {
            EditError::Api(ApiError::Invalid(vec!["This address is somebody else’s.".to_owned()]))
        } else {
            error.into()
        }
    })?;
    if !person.active {
        // Whoever has left is out at once, by whatever they had.
        people::end_sign_ins(tx, signed_in.clinic, person.id).await?;
        invitation::remove(tx, signed_in.clinic, person.id).await?;
    }
    Ok(before.is_none())
}

/// Makes the one link of a person; `by` is unknown on the server's own machine.
pub async fn invite(tx: &mut Tx, host: &dyn Host, clinic: ClinicId, staff: StaffId, by: Option<StaffId>) -> store::Result<Invitation> {
    let now = host.now();
    let until = Moment::from_millis(now.millis() + INVITATION_SECONDS * 1000);
    let token = crate::token::draw(host);
    invitation::put(tx, clinic, staff, &invitation::Made { token_hash: crate::token::hash(&token), by, at: now, until }).await?;
    Ok(Invitation { address: app::sign_in::invitation_address(&token), until })
}
