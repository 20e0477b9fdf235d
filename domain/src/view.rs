//! Which photographs are taken, always in the same way: sets of views, which the clinic edits.

mod standard;

pub use standard::standard_sets;

use crate::{
    area::Area,
    ids::{ViewId, ViewSetId},
};
use serde::{Deserialize, Serialize};

/// The views of one part of the body, and how they are set up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewSet {
    pub id: ViewSetId,
    /// `Face`, `Lower legs`.
    pub name: String,
    /// What the photographs show.
    pub areas: Vec<Area>,
    pub setup: Setup,
    /// In the order in which they are taken.
    pub views: Vec<View>,
    /// No longer offered; photographs taken by it still name its views.
    pub retired: bool,
    /// Raised at each edit, so that two editors cannot overwrite each other.
    pub version: u32,
}

/// Under what conditions a photograph is taken. Kept with each, since a set may be edited later.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Setup {
    /// `1 m, lens at the height of the nose`.
    pub distance: String,
    pub light: String,
    pub background: String,
}

/// One of a set: the same pose every time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct View {
    pub id: ViewId,
    /// `Oblique, left`.
    pub name: String,
    pub guide: Guide,
    /// What is said to the client: `Eyes to the lens, hair back, no expression`.
    pub instruction: String,
    /// No longer taken; photographs taken by it still name it.
    pub retired: bool,
}

/// The outline that is laid over the camera's picture. Left and right are the client's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Guide {
    None,
    FaceFront,
    FaceObliqueLeft,
    FaceObliqueRight,
    FaceLateralLeft,
    FaceLateralRight,
    BodyFront,
    BodyBack,
    BodyObliqueLeft,
    BodyObliqueRight,
    BodyLateralLeft,
    BodyLateralRight,
    Armpit,
    LegsFront,
    LegsBack,
}

pub const MOST_VIEWS: usize = 16;
/// With those that are no longer taken.
const MOST_VIEWS_EVER: usize = 100;
const LONGEST_NAME: usize = 200;
const LONGEST_TEXT: usize = 500;

impl Guide {
    pub const ALL: [Self; 15] = [
        Self::None,
        Self::FaceFront,
        Self::FaceObliqueLeft,
        Self::FaceObliqueRight,
        Self::FaceLateralLeft,
        Self::FaceLateralRight,
        Self::BodyFront,
        Self::BodyBack,
        Self::BodyObliqueLeft,
        Self::BodyObliqueRight,
        Self::BodyLateralLeft,
        Self::BodyLateralRight,
        Self::Armpit,
        Self::LegsFront,
        Self::LegsBack,
    ];

    pub fn label(self) -> &'static str {
        match self {
            Self::None => "No outline",
            Self::FaceFront => "Face, front",
            Self::FaceObliqueLeft => "Face, left oblique",
            Self::FaceObliqueRight => "Face, right oblique",
            Self::FaceLateralLeft => "Face, left side",
            Self::FaceLateralRight => "Face, right side",
            Self::BodyFront => "Body, front",
            Self::BodyBack => "Body, back",
            Self::BodyObliqueLeft => "Body, left oblique",
            Self::BodyObliqueRight => "Body, right oblique",
            Self::BodyLateralLeft => "Body, left side",
            Self::BodyLateralRight => "Body, right side",
            Self::Armpit => "Armpit, arm raised",
            Self::LegsFront => "Legs, front",
            Self::LegsBack => "Legs, back",
        }
    }
}

impl ViewSet {
    pub fn view(&self, id: ViewId) -> Option<&View> {
        self.views.iter().find(|view| view.id == id)
    }

    /// What is taken today.
    pub fn current(&self) -> impl Iterator<Item = &View> {
        self.views.iter().filter(|view| !view.retired)
    }

    /// What is wrong with it, in words for the person who edits it; empty when it can be saved.
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let named = |name: &str| !name.trim().is_empty() && name.len() <= LONGEST_NAME;
        if !named(&self.name) {
            faults.push("The set of views needs a name.".to_owned());
        }
        if !(1..=MOST_VIEWS).contains(&self.current().count()) || self.views.len() > MOST_VIEWS_EVER {
            faults.push(format!("A set has 1 to {MOST_VIEWS} views."));
        }
        if self.views.iter().any(|view| !named(&view.name)) {
            faults.push("Every view needs a name.".to_owned());
        }
        let repeated = |(i, view): (usize, &View)| self.views[..i].iter().any(|other| other.id == view.id);
        if self.views.iter().enumerate().any(repeated) {
            faults.push("A view stands in the set twice.".to_owned());
        }
        let repeated = |(i, area): (usize, &Area)| !area.is_known() || self.areas[..i].contains(area);
        if self.areas.iter().enumerate().any(repeated) {
            faults.push("An area is not on the list, or was chosen twice.".to_owned());
        }
        let texts = [&self.setup.distance, &self.setup.light, &self.setup.background];
        if texts.into_iter().chain(self.views.iter().map(|view| &view.instruction)).any(|text| text.len() > LONGEST_TEXT) {
            faults.push(format!("Instructions and setup have at most {LONGEST_TEXT} characters each."));
        }
        faults
    }

    /// What is wrong with it beside the sets that are saved. Photographs name views: none may vanish, or change its set.
    pub fn faults_beside(&self, saved: &[Self]) -> Vec<String> {
        let mut faults = Vec::new();
        let (own, others): (Vec<_>, Vec<_>) = saved.iter().partition(|set| set.id == self.id);
        if own.iter().flat_map(|set| &set.views).any(|view| self.view(view.id).is_none()) {
            faults.push("A view is missing. Retire it instead, so that its photographs still have a name.".to_owned());
        }
        if self.views.iter().any(|view| others.iter().any(|set| set.view(view.id).is_some())) {
            faults.push("A view belongs to another set.".to_owned());
        }
        faults
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::area::Side;
    use uuid::Uuid;

    fn set() -> ViewSet {
        let view = |n, name: &str| View {
            id: ViewId(Uuid::from_u128(n)),
            name: name.into(),
            guide: Guide::FaceFront,
            instruction: "Eyes to the lens".into(),
            retired: false,
        };
        ViewSet {
            id: ViewSetId(Uuid::from_u128(1)),
            name: "Face".into(),
            areas: vec![Area::new("cheek", Some(Side::Left))],
            setup: Setup::default(),
            views: vec![view(2, "Front"), view(3, "Oblique, left")],
            retired: false,
            version: 1,
        }
    }

    #[test]
    fn what_cannot_be_photographed_is_told() {
        assert!(set().faults().is_empty());
        let faulty = |change: fn(&mut ViewSet)| {
            let mut set = set();
            change(&mut set);
            set.faults().len()
        };
        assert_eq!(faulty(|set| set.name = " ".into()), 1);
        assert_eq!(faulty(|set| set.views.iter_mut().for_each(|view| view.retired = true)), 1);
        assert_eq!(faulty(|set| set.views[1].name.clear()), 1);
        assert_eq!(faulty(|set| set.views[1].id = set.views[0].id), 1);
        assert_eq!(faulty(|set| set.areas.push(set.areas[0].clone())), 1);
        assert_eq!(faulty(|set| set.areas[0].side = None), 1);
        assert_eq!(faulty(|set| set.setup.light = "x".repeat(501)), 1);
    }

    #[test]
    fn a_saved_view_stays_in_its_set() {
        let saved = [set()];
        let mut edited = set();
        edited.views[1].retired = true;
        edited.views.push(View { id: ViewId(Uuid::from_u128(4)), ..edited.views[0].clone() });
        assert!(edited.faults_beside(&saved).is_empty());
        edited.views.remove(1);
        assert_eq!(edited.faults_beside(&saved).len(), 1);
        let other = ViewSet { id: ViewSetId(Uuid::from_u128(9)), ..set() };
        assert_eq!(other.faults_beside(&saved).len(), 1);
    }

    #[test]
    fn those_no_longer_taken_leave_room_for_others() {
        let mut many = set();
        many.views = (0..40).map(|n| View { id: ViewId(Uuid::from_u128(n)), retired: n >= 16, ..many.views[0].clone() }).collect();
        assert!(many.faults().is_empty());
        many.views[16].retired = false;
        assert_eq!(many.faults().len(), 1);
    }
}
