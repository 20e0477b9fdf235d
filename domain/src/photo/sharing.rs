//! A before-and-after picture for people outside the clinic: lives no longer than the consent it was made under.

use crate::{
    catalogue::Catalogue,
    chart::{Author, Chart, checked},
    consent::PhotoScope,
    ids::{ConsentFormId, PhotoId, ShareId, StaffId},
    rejection::Rejection,
    session::Remark,
    time::{Day, Moment},
};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    pub id: ShareId,
    /// What the address ends in; whoever has it sees the picture. 32 hexadecimal digits, drawn at random.
    pub token: String,
    pub before: PhotoId,
    pub after: PhotoId,
    pub scope: PhotoScope,
    /// Under which signature it was made.
    pub consent: (ConsentFormId, Moment),
    pub by: StaffId,
    pub at: Moment,
    pub revoked: Option<Remark>,
}

/// What a person asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sharing {
    pub id: ShareId,
    pub token: String,
    pub before: PhotoId,
    pub after: PhotoId,
    pub scope: PhotoScope,
}

const MOST_SHARES: usize = 200;

impl Chart {
    /// Whether the picture may be seen on that day. A consent given later does not bring it back: what was made under a
    /// withdrawn one stays dead.
    pub fn is_shared(&self, share: &Share, today: Day) -> bool {
        let (form, at) = share.consent;
        let made_under = self.consents.iter().find(|consent| consent.form == form && consent.at == at);
        let photos = [share.before, share.after].map(|id| self.photo(id));
        share.revoked.is_none()
            && made_under.is_some_and(|consent| consent.withdrawn.is_none())
            && self.photos_may(share.scope, today)
            && photos.iter().all(|photo| photo.is_some_and(|photo| photo.removed.is_none()))
    }

    pub(crate) fn share_photos(&mut self, sharing: &Sharing, author: Author, catalogue: &Catalogue) -> Result<(), Rejection> {
        let Sharing { id, ref token, before, after, scope } = *sharing;
        let today = catalogue.clock.day(author.at);
        // In the client's own record everything lies anyway; outside it, that scope allows nothing.
        let live = self.photo_consent(today).filter(|_| scope != PhotoScope::Record && self.photos_may(scope, today));
        let consent = live.map(|consent| (consent.form, consent.at)).ok_or(Rejection::NoPhotoConsent { scope })?;
        let known = |id| self.photo(id).filter(|photo| photo.removed.is_none());
        let (Some(_), Some(_)) = (known(before), known(after)) else { return Err(Rejection::NotThere) };
        if token.len() != 32 || !token.bytes().all(|digit| digit.is_ascii_hexdigit()) || before == after {
            return Err(Rejection::Unfit { field: "What is shared".to_owned() });
        }
        if self.shares.len() >= MOST_SHARES {
            return Err(Rejection::TooMuch { what: "shared pictures".to_owned() });
        }
        if self.shares.iter().any(|share| share.id == id) {
            return Err(Rejection::Exists);
        }
        let token = token.to_ascii_lowercase();
        self.shares.push(Share { id, token, before, after, scope, consent, by: author.staff, at: author.at, revoked: None });
        Ok(())
    }

    pub(crate) fn revoke_share(&mut self, id: ShareId, reason: &str, author: Author) -> Result<(), Rejection> {
        let text = checked(reason)?;
        let share = self.shares.iter_mut().find(|share| share.id == id).ok_or(Rejection::NotThere)?;
        if share.revoked.is_some() {
            return Err(Rejection::AlreadyDecided);
        }
        share.revoked = Some(Remark { by: author.staff, at: author.at, text });
        Ok(())
    }
}
