//! What the parts of the camera's page share: the view that is next, the camera, the baseline, and what was just taken.

use crate::{
    photos::album::{Album, NotHere, use_album},
    ports::{CameraError, DarkroomError, Developed, PhotoRoom, Size},
    workspace::{Workspace, use_workspace},
};
use domain::{
    ids::{ClientId, PhotoId, SessionId, ViewId, ViewSetId},
    photo::{Measures, Photo, PhotoFile, Shot},
    view::{View, ViewSet},
};
use leptos::{html, prelude::*, task::spawn_local};
use std::time::Duration;

#[derive(Clone, Copy)]
pub struct Studio {
    pub workspace: Workspace,
    pub album: Album,
    pub client: ClientId,
    pub session: SessionId,
    /// The set that was chosen in place of the session's own.
    pub chosen_set: RwSignal<Option<ViewSetId>>,
    /// The view that is taken next.
    pub view: RwSignal<Option<ViewId>>,
    pub video: NodeRef<html::Video>,
    pub camera: RwSignal<Finding>,
    /// The camera that looks at whoever holds the device.
    pub front: RwSignal<bool>,
    /// How strongly the baseline shows through, in per cent.
    pub ghost: RwSignal<u8>,
    pub baseline: RwSignal<Baseline>,
    /// What the darkroom was last given ahead.
    prepared: StoredValue<Option<PhotoId>>,
    /// How the live picture lies against the baseline.
    pub look: RwSignal<Option<Measures>>,
    pub busy: RwSignal<bool>,
    /// Taken, and not kept yet: a person decides.
    pub questioned: RwSignal<Option<Questioned>>,
    /// What was kept last, for a moment.
    pub kept: RwSignal<Option<PhotoId>>,
    pub problem: RwSignal<Option<String>>,
}

/// What the finder shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finding {
    Opening,
    Live,
    Not(CameraError),
}

/// What the view is held against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Baseline {
    /// This will be it.
    None,
    Fetching,
    /// The darkroom has it; the address shows it.
    Ready(PhotoId, String),
    Not(NotHere),
}

/// A picture that differs too much to be kept without a word, or that could not be stored.
#[derive(Clone)]
pub struct Questioned {
    pub view: ViewId,
    pub developed: StoredValue<Developed>,
    pub measures: Measures,
    /// Why it is kept all the same, as far as it was said.
    pub despite: String,
}

impl Questioned {
    fn new(view: ViewId, developed: Developed, despite: String) -> Self {
        let measures = developed.measures;
        Self { view, developed: StoredValue::new(developed), measures, despite }
    }
}

/// Between two looks at the live picture. The darkroom answers in less; more would only make the words flicker.
const LOOK_AGAIN: Duration = Duration::from_millis(200);

impl Studio {
    pub fn open(client: ClientId, session: SessionId) -> Self {
        let studio = Self {
            workspace: use_workspace(),
            album: use_album(),
            client,
            session,
            chosen_set: RwSignal::new(None),
            view: RwSignal::new(None),
            video: NodeRef::new(),
            camera: RwSignal::new(Finding::Opening),
            front: RwSignal::new(false),
            ghost: RwSignal::new(35),
            baseline: RwSignal::new(Baseline::None),
            prepared: StoredValue::new(None),
            look: RwSignal::new(None),
            busy: RwSignal::new(false),
            questioned: RwSignal::new(None),
            kept: RwSignal::new(None),
            problem: RwSignal::new(None),
        };
        studio.choose_first_view();
        studio.follow_baseline();
        studio.look_again();
        studio
    }

    /// The sets of this session; when its package names none, all the clinic has.
    pub fn sets(&self) -> Vec<ViewSet> {
        let Some((chart, catalogue)) = self.workspace.chart(self.client).zip(self.workspace.catalogue()) else { return Vec::new() };
        let own: Vec<_> = chart.view_sets(self.session, &catalogue).into_iter().cloned().collect();
        if own.is_empty() { catalogue.view_sets.iter().filter(|set| !set.retired).cloned().collect() } else { own }
    }

    /// Every set that can be chosen, the session's own first.
    pub fn all_sets(&self) -> Vec<ViewSet> {
        let mut sets = self.sets();
        let others = self.workspace.catalogue().into_iter().flat_map(|catalogue| catalogue.view_sets.clone());
        let others: Vec<_> = others.filter(|set| !set.retired && sets.iter().all(|own| own.id != set.id)).collect();
        sets.extend(others);
        sets
    }

    /// The views of the filmstrip.
    pub fn views(&self) -> Vec<(ViewSet, View)> {
        let sets = match self.chosen_set.get() {
            Some(chosen) => self.all_sets().into_iter().filter(|set| set.id == chosen).collect(),
            None => self.sets(),
        };
        sets.iter().flat_map(|set| set.current().map(|view| (set.clone(), view.clone()))).collect()
    }

    /// The view that is taken next, and its set.
    pub fn current(&self) -> Option<(ViewSet, View)> {
        let view = self.view.get()?;
        let catalogue = self.workspace.catalogue()?;
        catalogue.view(view).map(|(set, view)| (set.clone(), view.clone()))
    }

    /// The latest photograph of a view in this session.
    pub fn taken(&self, view: ViewId) -> Option<Photo> {
        self.workspace.chart(self.client)?.photos_of(self.session).filter(|photo| photo.shot.view == view).last().cloned()
    }

    fn choose_first_view(self) {
        Effect::new(move |_| {
            let views = self.views();
            let is_one = |view: ViewId| views.iter().any(|(_, other)| other.id == view);
            if self.view.get_untracked().is_none_or(|view| !is_one(view)) {
                self.view.set(self.next_missing(None).or_else(|| views.first().map(|(_, view)| view.id)));
            }
        });
    }

    /// The first view after that one, going round, of which there is no photograph in this session.
    fn next_missing(&self, after: Option<ViewId>) -> Option<ViewId> {
        untrack(|| {
            let views: Vec<_> = self.views().into_iter().map(|(_, view)| view.id).collect();
            let start = after.and_then(|after| views.iter().position(|view| *view == after)).map_or(0, |n| n + 1);
            let (before, from) = views.split_at(start.min(views.len()));
            from.iter().chain(before).copied().find(|view| self.taken(*view).is_none())
        })
    }

    /// Hands the darkroom what the chosen view is held against.
    fn follow_baseline(self) {
        let find = move || {
            let view = self.view.get()?;
            self.workspace.chart(self.client)?.baseline(self.session, view).cloned()
        };
        // Whether its picture can be had matters; that it has arrived at the clinic meanwhile does not.
        let baseline = Memo::new(move |_| {
            let photo = find()?;
            let near = photo.arrived.is_some() || self.album.waiting(photo.shot.id).is_some();
            Some((self.view.get(), photo.shot.id, near))
        });
        Effect::new(move |_| {
            let (Some(room), key) = (self.album.room(), baseline.get()) else { return };
            let photo = key.and_then(|_| untrack(find));
            self.look.set(None);
            self.baseline.set(if photo.is_some() { Baseline::Fetching } else { Baseline::None });
            spawn_local(async move {
                let found = self.hand_in(&room, photo.as_ref()).await;
                // Another view may have been chosen meanwhile.
                if baseline.try_get_untracked() == Some(key) {
                    self.baseline.try_set(found);
                    self.prepare_next(&room);
                }
            });
        });
    }

    async fn hand_in(self, room: &PhotoRoom, photo: Option<&Photo>) -> Baseline {
        let held = match photo {
            None => room.darkroom.hold_against(None).await.map(|_| Baseline::None).map_err(NotHere::from),
            Some(photo) => self.hold_against(room, photo).await,
        };
        match held {
            Ok(baseline) => baseline,
            Err(why) => {
                let _ = room.darkroom.hold_against(None).await;
                Baseline::Not(why)
            }
        }
    }

    async fn hold_against(self, room: &PhotoRoom, photo: &Photo) -> Result<Baseline, NotHere> {
        let id = photo.shot.id;
        let address = self.album.address(photo, Size::Whole).await?;
        if !room.darkroom.hold_against(Some(id)).await? {
            room.darkroom.prepare(id, &self.album.picture(photo).await?).await?;
            room.darkroom.hold_against(Some(id)).await?;
        }
        Ok(Baseline::Ready(id, address))
    }

    /// The baseline of the view that will be taken after this one, so that nobody waits for it then.
    fn prepare_next(self, room: &PhotoRoom) {
        let next = || {
            let view = self.next_missing(self.view.get()).filter(|next| Some(*next) != self.view.get())?;
            self.workspace.chart(self.client)?.baseline(self.session, view).cloned()
        };
        let (Some(photo), room) = (untrack(next), room.clone()) else { return };
        let id = photo.shot.id;
        if self.prepared.try_update_value(|prepared| prepared.replace(id)) == Some(Some(id)) {
            return;
        }
        spawn_local(async move {
            // What fails is told when its turn comes.
            if let (Ok(_), Ok(picture)) = (self.album.address(&photo, Size::Whole).await, self.album.picture(&photo).await) {
                let _ = room.darkroom.prepare(id, &picture).await;
            }
        });
    }

    /// Opens the camera, or says why not.
    pub fn open_camera(self) {
        let Some((room, video)) = self.album.room_untracked().zip(self.video.get_untracked()) else { return };
        self.camera.set(Finding::Opening);
        let front = self.front.get_untracked();
        spawn_local(async move {
            let opened = room.camera.open(&video, front).await;
            self.camera.try_set(opened.map_or_else(Finding::Not, |()| Finding::Live));
            // The page was left while the camera opened: its light must not stay on.
            if self.camera.try_get_untracked().is_none() {
                room.camera.close();
            }
        });
    }

    pub fn close_camera(self) {
        if let Some(room) = self.album.room_untracked() {
            room.camera.close();
        }
    }

    /// After the page was in the background the system may have taken the camera away.
    pub fn revive_camera(self) {
        let live = self.album.room_untracked().is_some_and(|room| room.camera.is_live());
        if self.camera.try_get_untracked() == Some(Finding::Live) && !live {
            self.open_camera();
        }
    }

    /// Looks at the live picture, again and again for as long as the page is there.
    fn look_again(self) {
        set_timeout(
            move || {
                let Some(camera) = self.camera.try_get_untracked() else { return };
                let idle = !self.busy.get_untracked() && self.questioned.with_untracked(Option::is_none);
                let ready = matches!(self.baseline.get_untracked(), Baseline::Ready(..) | Baseline::None | Baseline::Not(_));
                let hidden = document().hidden();
                let room = self.album.room_untracked().filter(|_| camera == Finding::Live && idle && ready && !hidden);
                let Some((room, video)) = room.zip(self.video.get_untracked()) else { return self.look_again() };
                spawn_local(async move {
                    if let Ok(measures) = room.darkroom.look(&video).await {
                        self.look.try_set(Some(measures));
                    }
                    self.look_again();
                });
            },
            LOOK_AGAIN,
        );
    }

    /// Takes what the camera shows.
    pub fn shoot(self) {
        let Some((room, video)) = self.album.room_untracked().zip(self.video.get_untracked()) else { return };
        self.develop(async move { room.darkroom.develop_frame(&video).await });
    }

    /// Takes a file in place of the camera's picture: the same way, the same checks.
    pub fn choose(self, file: web_sys::File) {
        let Some(room) = self.album.room_untracked() else { return };
        self.develop(async move { room.darkroom.develop_file(&file).await });
    }

    fn develop(self, developing: impl Future<Output = Result<Developed, DarkroomError>> + 'static) {
        let Some(view) = self.view.get_untracked() else { return };
        let waits = self.baseline.with_untracked(|baseline| *baseline == Baseline::Fetching);
        if waits || self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.problem.set(None);
        spawn_local(async move {
            match developing.await {
                Ok(developed) if developed.measures.concerns().is_empty() => self.keep(view, developed, String::new()).await,
                Ok(developed) => {
                    self.questioned.try_set(Some(Questioned::new(view, developed, String::new())));
                }
                Err(error) => {
                    self.problem.try_set(Some(error.to_string()));
                }
            }
            self.busy.try_set(false);
        });
    }

    /// Keeps what was questioned.
    pub fn keep_nevertheless(self, questioned: &Questioned, despite: String) {
        let Some(developed) = questioned.developed.try_get_value() else { return };
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        let view = questioned.view;
        spawn_local(async move {
            self.keep(view, developed, despite).await;
            self.busy.try_set(false);
        });
    }

    async fn keep(self, view: ViewId, developed: Developed, despite: String) {
        let setup = untrack(|| self.workspace.catalogue()).and_then(|catalogue| catalogue.view(view).map(|(set, _)| set.setup.clone()));
        let Developed { ref sha256, width, height, measures, .. } = developed;
        let bytes = u32::try_from(developed.picture.len()).unwrap_or(u32::MAX);
        let id = PhotoId(self.workspace.new_id());
        let file = PhotoFile { sha256: sha256.clone(), bytes, width, height };
        let shot = Shot { id, session: self.session, view, setup: setup.unwrap_or_default(), file, measures, despite: despite.clone() };
        match self.album.take(self.client, shot, &developed).await {
            Ok(()) => {
                self.questioned.try_set(None);
                self.problem.try_set(None);
                self.kept.try_set(Some(id));
                if let Some(next) = self.next_missing(Some(view)) {
                    self.view.try_set(Some(next));
                }
            }
            Err(error) => {
                self.problem.try_set(Some(format!("{error} The photograph is held here until you take it again or leave this page.")));
                self.questioned.try_set(Some(Questioned::new(view, developed, despite)));
            }
        }
    }
}

pub fn use_studio() -> Studio {
    expect_context()
}
