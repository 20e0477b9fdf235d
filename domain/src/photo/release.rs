//! Which photographs a client sees on her own pages: none, until somebody who treats lets her see it.

use crate::{
    chart::{Author, Chart},
    ids::PhotoId,
    photo::Photo,
    rejection::Rejection,
};

impl Photo {
    /// The client may see it, and it is there to be seen.
    pub fn is_shown_to_client(&self) -> bool {
        self.released.is_some() && self.removed.is_none() && self.arrived.is_some()
    }
}

impl Chart {
    /// The chart with those photographs only that the client sees.
    pub fn as_client_sees(&self) -> Self {
        let mut chart = self.clone();
        chart.photos.retain(Photo::is_shown_to_client);
        chart
    }

    pub(crate) fn release_photo(&mut self, id: PhotoId, author: Author) -> Result<(), Rejection> {
        let photo = self.photo_mut(id)?;
        if photo.removed.is_some() {
            return Err(Rejection::NotThere);
        }
        if photo.released.is_some() {
            return Err(Rejection::AlreadyDecided);
        }
        photo.released = Some(author);
        Ok(())
    }

    pub(crate) fn withhold_photo(&mut self, id: PhotoId) -> Result<(), Rejection> {
        let released = self.photo_mut(id)?.released.take();
        released.map(|_| ()).ok_or(Rejection::AlreadyDecided)
    }
}
