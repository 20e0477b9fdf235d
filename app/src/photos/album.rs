//! The pictures on this device: what waits for the network, what was fetched, and where to look at them.

use super::upload::{Sent, UploadError, send};
use crate::{
    api::ApiError,
    ports::{DarkroomError, Developed, OpenPhotoRoom, PhotoRoom, Size, StoreError, TakenPhoto, WaitingPhoto},
    sync::RecordError,
    workspace::{Link, Workspace},
};
use domain::{
    chart::Chart,
    command::Change,
    ids::{ClientId, PhotoId},
    photo::{Photo, Shot},
};
use leptos::{prelude::*, task::spawn_local};
use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::Arc,
    time::Duration,
};

#[derive(Clone, Copy)]
pub struct Album {
    workspace: Workspace,
    room: RwSignal<Option<PhotoRoom>, LocalStorage>,
    /// Why the room did not open.
    closed: RwSignal<Option<String>>,
    /// What is only on this device, with how many bytes the clinic has of each.
    waiting: RwSignal<BTreeMap<PhotoId, Waiting>>,
    addresses: StoredValue<HashMap<(PhotoId, Size), String>, LocalStorage>,
    sending: StoredValue<bool>,
    fetching: StoredValue<bool>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    pub photo: WaitingPhoto,
    pub sent: u32,
}

/// Why a picture cannot be looked at now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotHere {
    /// It is on the device that took it.
    OnItsWay,
    /// The clinic has it, and cannot be reached.
    AtClinic,
    Failed(String),
}

impl From<DarkroomError> for NotHere {
    fn from(error: DarkroomError) -> Self {
        Self::Failed(error.to_string())
    }
}

/// After an upload that broke off while the clinic can be reached.
const TRY_AGAIN: Duration = Duration::from_secs(2);

/// More whole copies than this are thrown away, those of clients who do not come today.
const MOST_COPIES: usize = 150;

impl Album {
    /// Opens by itself, and sends what waits whenever the clinic can be reached.
    pub fn open(workspace: Workspace, open: OpenPhotoRoom) -> Self {
        let album = Self {
            workspace,
            room: RwSignal::new_local(None),
            closed: RwSignal::new(None),
            waiting: RwSignal::new(BTreeMap::new()),
            addresses: StoredValue::new_local(HashMap::new()),
            sending: StoredValue::new(false),
            fetching: StoredValue::new(false),
        };
        spawn_local(async move {
            match open().await {
                Ok(room) => {
                    album.take_up_waiting(&room).await;
                    album.room.try_set(Some(room));
                }
                Err(words) => {
                    album.closed.try_set(Some(words));
                }
            }
        });
        // On every change of a chart: the record of a photograph may just have arrived, and its picture can follow.
        Effect::new(move |_| {
            workspace.revision();
            if album.room.with(Option::is_some) && workspace.link.get() == Link::Online {
                album.send_waiting();
            }
        });
        Effect::new(move |_| {
            let known = workspace.signed_in.with(Option::is_some);
            if let Some(room) = album.room.get().filter(|_| known && !workspace.treats()) {
                spawn_local(async move {
                    if let Err(error) = room.store.drop_all_copies().await {
                        workspace.trouble.try_set(Some(error));
                    }
                });
            }
        });
        let of_today = Memo::new(move |_| {
            let arrived = |chart: Arc<Chart>| chart.kept_photos().filter(|photo| photo.arrived.is_some()).count();
            album.charts_of_today().into_iter().map(arrived).collect::<Vec<_>>()
        });
        Effect::new(move |_| {
            // When one more has arrived, and by the minute what could not be fetched before.
            of_today.track();
            workspace.now.track();
            if album.room.with(Option::is_some) && workspace.link.get() == Link::Online && workspace.treats() {
                album.fetch_for_today();
            }
        });
        album
    }

    async fn take_up_waiting(&self, room: &PhotoRoom) {
        match room.store.waiting().await {
            Ok(found) => {
                self.waiting.try_update(|waiting| {
                    let mut known = std::mem::take(waiting);
                    let entry = |photo: WaitingPhoto| {
                        let sent = known.remove(&photo.photo).map_or(0, |before| before.sent);
                        (photo.photo, Waiting { photo, sent })
                    };
                    *waiting = found.into_iter().map(entry).collect();
                });
                self.count();
            }
            Err(error) => {
                self.workspace.trouble.try_set(Some(error));
            }
        }
    }

    fn count(&self) {
        let count = self.waiting.try_with_untracked(BTreeMap::len).unwrap_or_default();
        if self.workspace.photos_waiting.try_get_untracked() != Some(count) {
            self.workspace.photos_waiting.try_set(count);
        }
    }

    /// The ports, once they are here; whoever asks inside a view is told.
    pub fn room(&self) -> Option<PhotoRoom> {
        self.room.get()
    }

    pub fn room_untracked(&self) -> Option<PhotoRoom> {
        self.room.try_get_untracked().flatten()
    }

    /// Why there are none.
    pub fn closed(&self) -> Option<String> {
        self.closed.get()
    }

    /// What waits of a photograph.
    pub fn waiting(&self, photo: PhotoId) -> Option<Waiting> {
        self.waiting.with(|waiting| waiting.get(&photo).cloned())
    }

    /// All that waits, oldest first.
    pub fn all_waiting(&self) -> Vec<Waiting> {
        self.waiting.with(|waiting| waiting.values().cloned().collect())
    }

    /// Takes down a photograph: record and picture in one step, or neither.
    pub async fn take(&self, client: ClientId, shot: Shot, developed: &Developed) -> Result<(), RecordError> {
        let waiting = WaitingPhoto { photo: shot.id, client, bytes: shot.file.bytes, trouble: None };
        let (picture, thumbnail) = (developed.picture.clone(), developed.thumbnail.clone());
        let taken = TakenPhoto { id: shot.id, client, picture, thumbnail };
        self.workspace.record_photo(Change::TakePhoto(shot), &taken).await?;
        self.waiting.try_update(|all| all.insert(taken.id, Waiting { photo: waiting, sent: 0 }));
        self.count();
        Ok(())
    }

    /// A person decided that a picture does not go to the clinic.
    pub async fn let_go(&self, photo: PhotoId) -> Result<(), StoreError> {
        if let Some(room) = self.room_untracked() {
            room.store.let_go(photo).await?;
            self.waiting.try_update(|all| all.remove(&photo));
            self.count();
        }
        Ok(())
    }

    /// Sends what waits, one after the other. Asked for while it runs, nothing more happens: it looks again before it ends.
    fn send_waiting(&self) {
        let online = self.workspace.link.try_get_untracked() == Some(Link::Online);
        let Some(room) = self.room_untracked().filter(|_| online) else { return };
        if self.waiting.with_untracked(BTreeMap::is_empty)
            || self.sending.try_update_value(|sending| std::mem::replace(sending, true)) != Some(false)
        {
            return;
        }
        let album = *self;
        spawn_local(async move {
            let mut tried = HashSet::new();
            while let Some((waiting, sha256)) = album.next_to_send(&tried) {
                tried.insert(waiting.photo);
                let told = |sent| {
                    album.waiting.try_update(|all| {
                        if let Some(entry) = all.get_mut(&waiting.photo) {
                            entry.sent = sent;
                        }
                    });
                };
                match send(&waiting, &sha256, room.store.as_ref(), room.server.as_ref(), told).await {
                    Ok(Sent::AtClinic) => {
                        album.waiting.try_update(|all| all.remove(&waiting.photo));
                        album.count();
                    }
                    Ok(Sent::Trouble(trouble)) => {
                        album.waiting.try_update(|all| {
                            if let Some(entry) = all.get_mut(&waiting.photo) {
                                entry.photo.trouble = Some(trouble);
                            }
                        });
                    }
                    Ok(Sent::NotYet) => {}
                    Err(UploadError::Store(error)) => {
                        album.workspace.trouble.try_set(Some(error));
                        break;
                    }
                    // Tried again soon, or when the clinic can be reached again.
                    Err(UploadError::Api(_)) => {
                        album.workspace.sync();
                        set_timeout(move || album.send_waiting(), TRY_AGAIN);
                        break;
                    }
                }
            }
            album.sending.try_update_value(|sending| *sending = false);
        });
    }

    /// One whose record the clinic has, with the hash that record names.
    fn next_to_send(&self, tried: &HashSet<PhotoId>) -> Option<(WaitingPhoto, String)> {
        let waiting = self.waiting.try_with_untracked(|all| all.values().map(|waiting| waiting.photo.clone()).collect::<Vec<_>>())?;
        let open = waiting.into_iter().filter(|waiting| waiting.trouble.is_none() && !tried.contains(&waiting.photo));
        let known = |waiting: &WaitingPhoto| {
            untrack(|| self.workspace.chart(waiting.client))
                .and_then(|chart| chart.photo(waiting.photo).map(|photo| photo.shot.file.sha256.clone()))
        };
        open.filter_map(|waiting| known(&waiting).map(|sha256| (waiting, sha256))).next()
    }

    /// Where to look at a picture: here, or fetched from the clinic and kept.
    pub async fn address(&self, photo: &Photo, size: Size) -> Result<String, NotHere> {
        let id = photo.shot.id;
        if let Some(known) = self.addresses.try_with_value(|known| known.get(&(id, size)).cloned()).flatten() {
            return Ok(known);
        }
        let Some(room) = self.room_untracked() else { return Err(NotHere::AtClinic) };
        let failed = |error: StoreError| NotHere::Failed(error.to_string());
        let mut address = room.store.address(id, size).await.map_err(failed)?;
        if address.is_none() {
            self.fetch(&room, photo, size).await?;
            address = room.store.address(id, size).await.map_err(failed)?;
        }
        let address = address.ok_or(NotHere::OnItsWay)?;
        // Two asked at once: one address is enough.
        let known = self.addresses.try_update_value(|known| known.entry((id, size)).or_insert(address).clone());
        known.ok_or(NotHere::AtClinic)
    }

    /// The bytes of a whole picture.
    pub async fn picture(&self, photo: &Photo) -> Result<Vec<u8>, NotHere> {
        let Some(room) = self.room_untracked() else { return Err(NotHere::AtClinic) };
        let look = || room.store.picture(photo.shot.id, Size::Whole);
        let failed = |error: StoreError| NotHere::Failed(error.to_string());
        if let Some(here) = look().await.map_err(failed)? {
            return Ok(here);
        }
        self.fetch(&room, photo, Size::Whole).await?;
        look().await.map_err(failed)?.ok_or(NotHere::OnItsWay)
    }

    async fn fetch(&self, room: &PhotoRoom, photo: &Photo, size: Size) -> Result<(), NotHere> {
        if photo.arrived.is_none() {
            return Err(NotHere::OnItsWay);
        }
        match room.server.picture(photo.shot.id, size).await {
            Ok(Some(bytes)) => room.store.keep(photo.shot.id, size, bytes).await.map_err(|error| NotHere::Failed(error.to_string())),
            Ok(None) => Err(NotHere::OnItsWay),
            Err(ApiError::Unreachable | ApiError::SignedOut) => Err(NotHere::AtClinic),
            Err(error) => Err(NotHere::Failed(error.to_string())),
        }
    }

    /// Brings the pictures of today's clients here, so that they can be looked at without a network, and makes room.
    fn fetch_for_today(&self) {
        let Some(room) = self.room_untracked() else { return };
        if self.fetching.try_update_value(|fetching| std::mem::replace(fetching, true)) != Some(false) {
            return;
        }
        let album = *self;
        spawn_local(async move {
            // What fails is fetched when somebody looks at it, or a minute later.
            let _ = album.bring(&room).await;
            album.fetching.try_update_value(|fetching| *fetching = false);
        });
    }

    async fn bring(&self, room: &PhotoRoom) -> Result<(), NotHere> {
        let charts = untrack(|| self.charts_of_today());
        let failed = |error: StoreError| NotHere::Failed(error.to_string());
        let copies: HashSet<_> = room.store.whole_copies().await.map_err(failed)?.into_iter().collect();
        let wanted: Vec<_> = charts.iter().flat_map(|chart| wanted_whole(chart)).collect();
        for chart in &charts {
            for photo in chart.kept_photos().filter(|photo| photo.arrived.is_some()) {
                self.address(photo, Size::Thumbnail).await?;
                if wanted.contains(&photo.shot.id) && !copies.contains(&photo.shot.id) {
                    self.fetch(room, photo, Size::Whole).await?;
                }
            }
        }
        let old: Vec<_> = copies.into_iter().filter(|copy| !wanted.contains(copy)).collect();
        if old.len() > MOST_COPIES {
            room.store.drop_copies(&old).await.map_err(failed)?;
        }
        Ok(())
    }

    fn charts_of_today(&self) -> Vec<Arc<Chart>> {
        let Some((catalogue, today)) = self.workspace.catalogue().zip(self.workspace.today()) else { return Vec::new() };
        let Some((from, to)) = catalogue.clock.instant(today, 0).zip(catalogue.clock.instant(today.plus(1), 0)) else { return Vec::new() };
        let charts: BTreeMap<_, _> = self
            .workspace
            .read(|replica| replica.bookings(from, to).map(|booked| (booked.chart.client.id, booked.chart.clone())).collect());
        charts.into_values().collect()
    }
}

/// The first and the latest of each view: what is laid side by side, and what the camera's ghost is.
fn wanted_whole(chart: &Chart) -> Vec<PhotoId> {
    let mut of_view: BTreeMap<_, (PhotoId, PhotoId)> = BTreeMap::new();
    for photo in chart.kept_photos() {
        let id = photo.shot.id;
        of_view.entry(photo.shot.view).and_modify(|(_, latest)| *latest = id).or_insert((id, id));
    }
    of_view.into_values().flat_map(|(first, latest)| [first, latest]).collect()
}

pub fn use_album() -> Album {
    expect_context()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signed_record::sample;
    use domain::{
        ids::ViewId,
        photo::{Measures, PhotoFile},
        time::Moment,
        view::Setup,
    };
    use uuid::Uuid;

    fn photo(n: u128, view: u128) -> Photo {
        let file = PhotoFile { sha256: String::new(), bytes: 1, width: 1, height: 1 };
        let shot = Shot {
            id: PhotoId(Uuid::from_u128(n)),
            session: sample::session(1),
            view: ViewId(Uuid::from_u128(view)),
            setup: Setup::default(),
            file,
            measures: Measures::default(),
            despite: String::new(),
        };
        Photo { shot, by: sample::PROVIDER, at: Moment::from_millis(0), arrived: None, marks: vec![], released: None, removed: None }
    }

    #[test]
    fn the_first_and_the_latest_of_each_view_are_kept_here() {
        let mut chart = sample::chart(1);
        chart.photos = vec![photo(1, 7), photo(2, 7), photo(3, 8), photo(4, 7)];
        let wanted: Vec<_> = wanted_whole(&chart).into_iter().map(|id| id.0.as_u128()).collect();
        assert_eq!(wanted, [1, 4, 3, 3]);
    }
}
