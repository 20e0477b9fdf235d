//! The sets a clinic begins with. After the photographic standards of plastic surgeons (ASPS) and Nair 2016 in JCAS;
//! armpits with raised arms are this project's own.

use super::{Guide, Setup, View, ViewSet};
use crate::{
    area::{Area, AreaKind, KINDS, Region, Side},
    ids::{ViewId, ViewSetId},
};
use uuid::Uuid;

struct Standard {
    name: &'static str,
    /// Keys of areas, with their sides where they are paired.
    areas: fn() -> Vec<Area>,
    distance: &'static str,
    views: &'static [(&'static str, Guide, &'static str)],
}

const LIGHT: &str = "Two soft lights at 45°, room light off, no flash";
const BACKGROUND: &str = "Plain, matt, medium blue or grey";
const STILL: &str = "Eyes open and straight ahead, lips closed, no expression; hair, jewellery and make-up away";

const STANDARD: [Standard; 5] = [
    Standard {
        name: "Face",
        areas: face,
        distance: "1 m, lens at the height of the nose; from above the hair to the collar bones",
        views: &[
            ("Front", Guide::FaceFront, STILL),
            ("Oblique, left", Guide::FaceObliqueLeft, "Turned 45°: the tip of the nose on the line of the far cheek"),
            ("Oblique, right", Guide::FaceObliqueRight, "Turned 45°: the tip of the nose on the line of the far cheek"),
            ("Side, left", Guide::FaceLateralLeft, "Turned 90°: the far eyebrow cannot be seen"),
            ("Side, right", Guide::FaceLateralRight, "Turned 90°: the far eyebrow cannot be seen"),
        ],
    },
    Standard {
        name: "Face, at rest and in motion",
        areas: face,
        distance: "1 m, lens at the height of the nose; from above the hair to the collar bones",
        views: &[
            ("Front, at rest", Guide::FaceFront, STILL),
            ("Raised brow", Guide::FaceFront, "Raise your eyebrows as high as you can"),
            ("Frown", Guide::FaceFront, "Frown as if you were angry"),
            ("Smile", Guide::FaceFront, "Smile broadly, with your eyes closed tightly"),
            ("Oblique, left", Guide::FaceObliqueLeft, "At rest, turned 45°"),
            ("Oblique, right", Guide::FaceObliqueRight, "At rest, turned 45°"),
        ],
    },
    Standard {
        name: "Body",
        areas: trunk,
        distance: "2 m, lens at the height of the navel; from the collar bones to the knees",
        views: &[
            ("Front", Guide::BodyFront, "Feet hip-wide on the marks, arms folded over the chest, breathe out"),
            ("Back", Guide::BodyBack, "Feet hip-wide on the marks, arms in front"),
            ("Oblique, left", Guide::BodyObliqueLeft, "Turned 45°, arms in front"),
            ("Oblique, right", Guide::BodyObliqueRight, "Turned 45°, arms in front"),
            ("Side, left", Guide::BodyLateralLeft, "Turned 90°, arms in front"),
            ("Side, right", Guide::BodyLateralRight, "Turned 90°, arms in front"),
        ],
    },
    Standard {
        name: "Legs",
        areas: legs,
        distance: "2 m, lens at the height of the knees; from the hips to the floor",
        views: &[
            ("Front", Guide::LegsFront, "Feet hip-wide on the marks, knees straight, weight on both"),
            ("Back", Guide::LegsBack, "Feet hip-wide on the marks, knees straight, weight on both"),
        ],
    },
    Standard {
        name: "Armpits",
        areas: armpits,
        distance: "60 cm, lens at the height of the armpit",
        views: &[
            ("Left, arm raised", Guide::Armpit, "Hand behind the head, elbow out to the side"),
            ("Right, arm raised", Guide::Armpit, "Hand behind the head, elbow out to the side"),
        ],
    },
];

fn of_region(region: Region) -> Vec<Area> {
    KINDS.iter().filter(|kind| kind.region == region).flat_map(AreaKind::areas).collect()
}

fn face() -> Vec<Area> {
    of_region(Region::Face)
}

fn legs() -> Vec<Area> {
    of_region(Region::Leg)
}

fn trunk() -> Vec<Area> {
    let mut areas = of_region(Region::Trunk);
    areas.retain(|area| !["axilla", "neck-back", "bikini"].contains(&area.key.as_str()));
    areas
}

fn armpits() -> Vec<Area> {
    vec![Area::new("axilla", Some(Side::Left)), Area::new("axilla", Some(Side::Right))]
}

/// Fresh sets, not saved yet.
pub fn standard_sets(mut new_id: impl FnMut() -> Uuid) -> Vec<ViewSet> {
    let mut set = |standard: &Standard| ViewSet {
        id: ViewSetId(new_id()),
        name: standard.name.to_owned(),
        areas: (standard.areas)(),
        setup: Setup { distance: standard.distance.to_owned(), light: LIGHT.to_owned(), background: BACKGROUND.to_owned() },
        views: standard
            .views
            .iter()
            .map(|(name, guide, instruction)| View {
                id: ViewId(new_id()),
                name: (*name).to_owned(),
                guide: *guide,
                instruction: (*instruction).to_owned(),
                retired: false,
            })
            .collect(),
        retired: false,
        version: 0,
    };
    STANDARD.iter().map(&mut set).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn can_be_saved_as_they_are() {
        let mut n = 0;
        let sets = standard_sets(|| {
            n += 1;
            Uuid::from_u128(n)
        });
        assert_eq!(sets.len(), 5);
        for set in sets {
            assert_eq!(set.faults(), Vec::<String>::new(), "{}", set.name);
        }
    }
}
