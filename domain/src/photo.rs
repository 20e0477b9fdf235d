//! Photographs: each belongs to a session and a view from the moment it is taken.

mod due;
mod measures;
mod release;
mod sharing;

pub use due::{Due, Why};
pub use measures::{Concern, LIMITS, Light, Likeness, Limits, Measures, Placement};
pub use sharing::{Share, Sharing};

use crate::{
    catalogue::Catalogue,
    chart::{Author, Chart, checked},
    ids::{MarkId, PhotoId, PlanId, SessionId, StaffId, ViewId},
    rejection::Rejection,
    session::Remark,
    time::Moment,
    view::Setup,
};
use serde::{Deserialize, Serialize};

/// What the chart knows of a photograph. The picture itself lies on the device that took it until the clinic has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Photo {
    pub shot: Shot,
    pub by: StaffId,
    pub at: Moment,
    /// Since when the clinic's server has the picture, whole.
    pub arrived: Option<Moment>,
    pub marks: Vec<Mark>,
    /// Who let the client see it on her own pages, and when; `None`: she does not.
    pub released: Option<Author>,
    /// Not part of the record any more: taken of the wrong person, unusable. The picture stays at the clinic.
    pub removed: Option<Remark>,
}

/// A photograph as the camera's page hands it in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shot {
    pub id: PhotoId,
    pub session: SessionId,
    pub view: ViewId,
    pub setup: Setup,
    pub file: PhotoFile,
    pub measures: Measures,
    /// Why it was kept although it differs from the baseline; otherwise empty.
    pub despite: String,
}

/// The picture's bytes: a JPEG without any data about camera or place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhotoFile {
    /// SHA-256 in 64 lower-case hexadecimal digits.
    pub sha256: String,
    pub bytes: u32,
    /// In pixels.
    pub width: u16,
    pub height: u16,
}

/// A remark that points at a place in a picture. Drawn over it, never into it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    pub id: MarkId,
    pub spot: Spot,
    pub remark: Remark,
}

/// A circle on a picture, in ten-thousandths of the picture's width, from its left upper corner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spot {
    pub x: u16,
    pub y: u16,
    pub radius: u16,
}

/// A picture's file may be so long, in bytes.
pub const LONGEST_FILE: u32 = 12 * 1024 * 1024;
/// A stored picture's longer side, in pixels: cameras give more, screens show less.
pub const LONGEST_SIDE: u16 = 2560;
const SHORTEST_SIDE: u16 = 240;
/// A thumbnail's longer side, in pixels.
pub const THUMBNAIL_SIDE: u16 = 360;
/// More than anybody takes in one visit.
const MOST_OF_SESSION: usize = 200;
const MOST_MARKS: usize = 100;
/// Ten times the width: pictures are never so tall.
const FARTHEST: u16 = 60_000;

impl PhotoFile {
    fn is_sound(&self) -> bool {
        let digits = self.sha256.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'));
        let sides = SHORTEST_SIDE..=LONGEST_SIDE;
        digits
            && self.sha256.len() == 64
            && (1..=LONGEST_FILE).contains(&self.bytes)
            && sides.contains(&self.width)
            && sides.contains(&self.height)
    }
}

impl Chart {
    pub fn photo(&self, id: PhotoId) -> Option<&Photo> {
        self.photos.iter().find(|photo| photo.shot.id == id)
    }

    /// Photographs that are part of the record, oldest first.
    pub fn kept_photos(&self) -> impl Iterator<Item = &Photo> {
        self.photos.iter().filter(|photo| photo.removed.is_none())
    }

    /// The photographs of a session.
    pub fn photos_of(&self, session: SessionId) -> impl Iterator<Item = &Photo> {
        self.kept_photos().filter(move |photo| photo.shot.session == session)
    }

    /// All photographs of a view in a series, by session and then by time: what is laid side by side.
    pub fn photos_of_view(&self, plan: PlanId, view: ViewId) -> Vec<&Photo> {
        let number = |photo: &Photo| self.session(photo.shot.session).filter(|session| session.plan == plan).map(|session| session.number);
        let of_view = self.kept_photos().filter(|photo| photo.shot.view == view);
        let mut found: Vec<_> = of_view.filter_map(|photo| Some((number(photo)?, photo))).collect();
        found.sort_by_key(|(number, photo)| (*number, photo.at));
        found.into_iter().map(|(_, photo)| photo).collect()
    }

    /// What a new photograph of this view is held against: the first of it in the series; for a new series, the last one of
    /// an earlier.
    pub fn baseline(&self, session: SessionId, view: ViewId) -> Option<&Photo> {
        let plan = self.session(session)?.plan;
        let of_series = self.photos_of_view(plan, view).into_iter().next();
        of_series.or_else(|| self.kept_photos().filter(|photo| photo.shot.view == view).max_by_key(|photo| photo.at))
    }

    pub(crate) fn take_photo(&mut self, shot: &Shot, author: Author, catalogue: &Catalogue) -> Result<(), Rejection> {
        self.session(shot.session).ok_or(Rejection::UnknownSession)?;
        catalogue.view(shot.view).ok_or(Rejection::UnknownView)?;
        if self.photo(shot.id).is_some() {
            return Err(Rejection::Exists);
        }
        if !shot.file.is_sound() {
            return Err(Rejection::Unfit { field: "The picture’s file".to_owned() });
        }
        if self.photos.iter().filter(|photo| photo.shot.session == shot.session).count() >= MOST_OF_SESSION {
            return Err(Rejection::TooMuch { what: "photographs in one session".to_owned() });
        }
        let mut shot = shot.clone();
        shot.despite = match shot.measures.concerns().first() {
            Some(_) => checked(&shot.despite)?,
            None => shot.despite.trim().to_owned(),
        };
        self.photos.push(Photo { shot, by: author.staff, at: author.at, arrived: None, marks: Vec::new(), released: None, removed: None });
        Ok(())
    }

    pub(crate) fn remove_photo(&mut self, id: PhotoId, reason: &str, author: Author) -> Result<(), Rejection> {
        let text = checked(reason)?;
        let photo = self.photo_mut(id)?;
        if photo.removed.is_some() {
            return Err(Rejection::AlreadyDecided);
        }
        photo.removed = Some(Remark { by: author.staff, at: author.at, text });
        Ok(())
    }

    pub(crate) fn mark_photo(&mut self, photo: PhotoId, id: MarkId, spot: Spot, text: &str, author: Author) -> Result<(), Rejection> {
        let text = checked(text)?;
        if self.photos.iter().flat_map(|photo| &photo.marks).any(|mark| mark.id == id) {
            return Err(Rejection::Exists);
        }
        let photo = self.photo_mut(photo)?;
        if photo.marks.len() >= MOST_MARKS {
            return Err(Rejection::TooMuch { what: "marks on one photograph".to_owned() });
        }
        if spot.x > 10_000 || spot.y > FARTHEST || !(50..=10_000).contains(&spot.radius) {
            return Err(Rejection::Unfit { field: "The marked place".to_owned() });
        }
        photo.marks.push(Mark { id, spot, remark: Remark { by: author.staff, at: author.at, text } });
        Ok(())
    }

    pub(crate) fn unmark_photo(&mut self, photo: PhotoId, id: MarkId) -> Result<(), Rejection> {
        let marks = &mut self.photo_mut(photo)?.marks;
        let before = marks.len();
        marks.retain(|mark| mark.id != id);
        if marks.len() == before { Err(Rejection::NotThere) } else { Ok(()) }
    }

    /// The clinic has the picture now. No command: the server knows it by itself.
    pub fn with_arrived(&self, id: PhotoId, at: Moment) -> Option<Self> {
        let mut next = self.clone();
        next.photo_mut(id).ok()?.arrived.get_or_insert(at);
        Some(next)
    }

    fn photo_mut(&mut self, id: PhotoId) -> Result<&mut Photo, Rejection> {
        self.photos.iter_mut().find(|photo| photo.shot.id == id).ok_or(Rejection::NotThere)
    }
}

#[cfg(test)]
mod tests;
