//! What the parts of the page share: which two photographs, how they are looked at, and how they lie on each other.

use super::gaze::Gaze;
use crate::{
    photos::album::{Album, use_album},
    ports::Laid,
    workspace::{Workspace, use_workspace},
};
use domain::{
    ids::{ClientId, PhotoId, PlanId, ViewId},
    photo::Photo,
};
use leptos::{prelude::*, task::spawn_local};

#[derive(Clone, Copy)]
pub struct Table {
    pub workspace: Workspace,
    pub album: Album,
    pub client: ClientId,
    pub plan: PlanId,
    pub view: ViewId,
    pub mode: RwSignal<Mode>,
    /// Chosen in place of the first and the latest.
    pub earlier: RwSignal<Option<PhotoId>>,
    pub later: RwSignal<Option<PhotoId>>,
    /// Laid on each other, or as they were taken.
    pub registered: RwSignal<bool>,
    /// The later one in the earlier one's light.
    pub same_light: RwSignal<bool>,
    pub marks: RwSignal<bool>,
    /// A tap on a picture makes a mark.
    pub marking: RwSignal<bool>,
    pub gaze: RwSignal<Gaze>,
    /// Where the slider stands, or how much of the later one shows: 0 to 100.
    pub part: RwSignal<f64>,
    pub laying: RwSignal<Laying>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    SideBySide,
    Slider,
    Overlay,
    All,
}

/// How the later photograph lies on the earlier.
#[derive(Clone, Debug, PartialEq)]
pub enum Laying {
    /// There are not two.
    Nothing,
    UnderWay,
    Laid(Laid),
    /// They show nothing that is the same in both: they lie as they were taken.
    Unlike,
    Not(String),
}

impl Mode {
    pub const ALL: [Self; 4] = [Self::SideBySide, Self::Slider, Self::Overlay, Self::All];

    pub fn label(self) -> &'static str {
        match self {
            Self::SideBySide => "Side by side",
            Self::Slider => "Slider",
            Self::Overlay => "Overlay",
            Self::All => "All",
        }
    }
}

impl Table {
    pub fn open(client: ClientId, plan: PlanId, view: ViewId) -> Self {
        let table = Self {
            workspace: use_workspace(),
            album: use_album(),
            client,
            plan,
            view,
            mode: RwSignal::new(Mode::SideBySide),
            earlier: RwSignal::new(None),
            later: RwSignal::new(None),
            registered: RwSignal::new(true),
            same_light: RwSignal::new(false),
            marks: RwSignal::new(true),
            marking: RwSignal::new(false),
            gaze: RwSignal::new(Gaze::default()),
            part: RwSignal::new(50.0),
            laying: RwSignal::new(Laying::Nothing),
        };
        table.follow_pair();
        table
    }

    /// All photographs of the view, by session.
    pub fn photos(&self) -> Vec<Photo> {
        let chart = self.workspace.chart(self.client);
        chart.map(|chart| chart.photos_of_view(self.plan, self.view).into_iter().cloned().collect()).unwrap_or_default()
    }

    /// The two on the table: session 1 and now, unless somebody chose others. One alone stands on both sides.
    pub fn pair(&self) -> Option<(Photo, Photo)> {
        let photos = self.photos();
        let chosen = |id: Option<PhotoId>| photos.iter().find(|photo| Some(photo.shot.id) == id).cloned();
        let earlier = chosen(self.earlier.get()).or_else(|| photos.first().cloned())?;
        let later = chosen(self.later.get()).or_else(|| photos.last().cloned())?;
        Some((earlier, later))
    }

    /// How the later one lies, when it is wanted and known.
    pub fn laid(&self) -> Option<Laid> {
        if !self.registered.get() {
            return None;
        }
        self.laying.with(|laying| if let Laying::Laid(laid) = laying { Some(*laid) } else { None })
    }

    fn follow_pair(self) {
        let pair = Memo::new(move |_| self.pair().map(|(earlier, later)| (earlier.shot.id, later.shot.id)));
        let ready =
            Memo::new(move |_| self.pair().is_some_and(|(earlier, later)| [earlier, later].iter().all(|photo| self.is_near(photo))));
        Effect::new(move |_| {
            let (open, _) = (self.album.room(), ready.get());
            let Some(ids) = pair.get() else { return self.laying.set(Laying::Nothing) };
            if ids.0 == ids.1 {
                return self.laying.set(Laying::Nothing);
            }
            let (Some(room), Some((earlier, later))) = (open, untrack(|| self.pair())) else { return };
            self.laying.set(Laying::UnderWay);
            spawn_local(async move {
                let pictures = (self.album.picture(&earlier).await, self.album.picture(&later).await);
                let laying = match pictures {
                    (Ok(earlier), Ok(later)) => match room.darkroom.lay(earlier, later).await {
                        Ok(Some(laid)) => Laying::Laid(laid),
                        Ok(None) => Laying::Unlike,
                        Err(error) => Laying::Not(error.to_string()),
                    },
                    (Err(why), _) | (_, Err(why)) => Laying::Not(why.words()),
                };
                // Others may have been chosen meanwhile.
                if pair.try_get_untracked() == Some(Some(ids)) {
                    self.laying.try_set(laying);
                }
            });
        });
    }

    /// On this device, or at the clinic.
    fn is_near(&self, photo: &Photo) -> bool {
        photo.arrived.is_some() || self.album.waiting(photo.shot.id).is_some()
    }

    /// `Session 1 · 12 Mar`
    pub fn caption(&self, photo: &Photo) -> String {
        let known = self.workspace.chart(self.client).zip(self.workspace.catalogue());
        known.map(|(chart, catalogue)| crate::photos::panel::taken(photo, &chart, &catalogue).words).unwrap_or_default()
    }
}

pub fn use_table() -> Table {
    expect_context()
}
