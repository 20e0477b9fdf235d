//! Photographs as rows: pictures, marks on them, why there are none, and what is shown outside.

use super::{Rows, Stamp};
use domain::{
    chart::{Author, Chart},
    consent::PhotoScope,
    ids::*,
    photo::{Mark, Measures, Photo, PhotoFile, Share, Shot, Spot},
    session::Remark,
    view::Setup,
};
use serde::{Deserialize, Serialize};

rows! {
    PhotoRow {
        id: PhotoId, client_id: ClientId, position: usize, session_id: SessionId, view_id: ViewId,
        distance: String, light: String, background: String, sha256: String, bytes: u32, width: u16, height: u16,
        measures: Measures, despite: String, taken_by: StaffId, taken_at: Stamp, arrived_at: Option<Stamp>,
        released_by: Option<StaffId>, released_at: Option<Stamp>,
        removed_by: Option<StaffId>, removed_at: Option<Stamp>, removed_text: Option<String>,
    }
    PhotoMarkRow {
        id: MarkId, client_id: ClientId, photo_id: PhotoId, position: usize, x: u16, y: u16, radius: u16,
        written_by: StaffId, written_at: Stamp, text: String,
    }
    PhotoSkipRow { session_id: SessionId, client_id: ClientId, written_by: StaffId, written_at: Stamp, text: String, }
    PhotoShareRow {
        id: ShareId, client_id: ClientId, position: usize, token: String, before_id: PhotoId, after_id: PhotoId, scope: PhotoScope,
        form_id: ConsentFormId, signed_at: Stamp, shared_by: StaffId, shared_at: Stamp,
        revoked_by: Option<StaffId>, revoked_at: Option<Stamp>, revoked_text: Option<String>,
    }
}

impl Rows {
    pub(super) fn add_photos(&mut self, clinic_id: ClinicId, before: Option<&Chart>, after: &Chart) {
        let client_id = after.client.id;
        for (position, photo) in after.photos.iter().enumerate() {
            let old = before.and_then(|chart| chart.photos.get(position));
            if old == Some(photo) {
                continue;
            }
            self.photos.push(photo_row(clinic_id, client_id, position, photo));
            for (position, mark) in photo.marks.iter().enumerate() {
                if old.is_none_or(|old| !old.marks.contains(mark)) {
                    self.photo_marks.push(mark_row(clinic_id, client_id, photo.shot.id, position, mark));
                }
            }
        }
        for session in &after.sessions {
            let known = before.and_then(|chart| chart.session(session.id)).is_some_and(|old| old.photos_skipped.is_some());
            if let Some(Remark { by, at, text }) = session.photos_skipped.clone().filter(|_| !known) {
                let row = PhotoSkipRow { clinic_id, session_id: session.id, client_id, written_by: by, written_at: Stamp(at), text };
                self.photo_skips.push(row);
            }
        }
        for (position, share) in after.shares.iter().enumerate() {
            if before.is_none_or(|chart| !chart.shares.contains(share)) {
                self.photo_shares.push(share_row(clinic_id, client_id, position, share));
            }
        }
    }
}

fn photo_row(clinic_id: ClinicId, client_id: ClientId, position: usize, photo: &Photo) -> PhotoRow {
    let Shot { id, session, view, setup, file, measures, despite } = photo.shot.clone();
    let removed = photo.removed.as_ref();
    PhotoRow {
        clinic_id,
        id,
        client_id,
        position,
        session_id: session,
        view_id: view,
        distance: setup.distance,
        light: setup.light,
        background: setup.background,
        sha256: file.sha256,
        bytes: file.bytes,
        width: file.width,
        height: file.height,
        measures,
        despite,
        taken_by: photo.by,
        taken_at: Stamp(photo.at),
        arrived_at: photo.arrived.map(Stamp),
        released_by: photo.released.map(|released| released.staff),
        released_at: photo.released.map(|released| Stamp(released.at)),
        removed_by: removed.map(|remark| remark.by),
        removed_at: removed.map(|remark| Stamp(remark.at)),
        removed_text: removed.map(|remark| remark.text.clone()),
    }
}

fn mark_row(clinic_id: ClinicId, client_id: ClientId, photo_id: PhotoId, position: usize, mark: &Mark) -> PhotoMarkRow {
    let Mark { id, spot: Spot { x, y, radius }, remark: Remark { by, at, text } } = mark.clone();
    PhotoMarkRow { clinic_id, id, client_id, photo_id, position, x, y, radius, written_by: by, written_at: Stamp(at), text }
}

fn share_row(clinic_id: ClinicId, client_id: ClientId, position: usize, share: &Share) -> PhotoShareRow {
    let revoked = share.revoked.as_ref();
    PhotoShareRow {
        clinic_id,
        id: share.id,
        client_id,
        position,
        token: share.token.clone(),
        before_id: share.before,
        after_id: share.after,
        scope: share.scope,
        form_id: share.consent.0,
        signed_at: Stamp(share.consent.1),
        shared_by: share.by,
        shared_at: Stamp(share.at),
        revoked_by: revoked.map(|remark| remark.by),
        revoked_at: revoked.map(|remark| Stamp(remark.at)),
        revoked_text: revoked.map(|remark| remark.text.clone()),
    }
}

fn remark((by, at): (StaffId, Stamp), text: String) -> Remark {
    Remark { by, at: at.0, text }
}

impl PhotoRow {
    pub(super) fn into_photo(self) -> Photo {
        let removed = self.removed_by.zip(self.removed_at).zip(self.removed_text);
        Photo {
            shot: Shot {
                id: self.id,
                session: self.session_id,
                view: self.view_id,
                setup: Setup { distance: self.distance, light: self.light, background: self.background },
                file: PhotoFile { sha256: self.sha256, bytes: self.bytes, width: self.width, height: self.height },
                measures: self.measures,
                despite: self.despite,
            },
            by: self.taken_by,
            at: self.taken_at.0,
            arrived: self.arrived_at.map(|at| at.0),
            marks: Vec::new(),
            released: self.released_by.zip(self.released_at).map(|(staff, at)| Author { staff, at: at.0 }),
            removed: removed.map(|(written, text)| remark(written, text)),
        }
    }
}

impl PhotoMarkRow {
    pub(super) fn into_mark(self) -> Mark {
        let spot = Spot { x: self.x, y: self.y, radius: self.radius };
        Mark { id: self.id, spot, remark: remark((self.written_by, self.written_at), self.text) }
    }
}

impl PhotoSkipRow {
    pub(super) fn into_remark(self) -> Remark {
        remark((self.written_by, self.written_at), self.text)
    }
}

impl PhotoShareRow {
    pub(super) fn into_share(self) -> Share {
        let revoked = self.revoked_by.zip(self.revoked_at).zip(self.revoked_text);
        Share {
            id: self.id,
            token: self.token,
            before: self.before_id,
            after: self.after_id,
            scope: self.scope,
            consent: (self.form_id, self.signed_at.0),
            by: self.shared_by,
            at: self.shared_at.0,
            revoked: revoked.map(|(written, text)| remark(written, text)),
        }
    }
}
