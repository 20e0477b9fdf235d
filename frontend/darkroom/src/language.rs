//! What page and darkroom say to each other. Both come from the same build, so there are no versions.

use domain::{ids::PhotoId, photo::Measures};
use imaging::{Gains, Similarity};
use js_sys::Array;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use wasm_bindgen::{JsCast, JsValue};

/// What is wanted. The parts beside it are named with each.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Order {
    /// A picture (`ImageBitmap` or `Blob`) is scaled, freed of everything that is not picture, hashed and measured, against the
    /// baseline if there is one.
    Develop,
    /// What may become the baseline (`ArrayBuffer` of a JPEG).
    Prepare { photo: PhotoId },
    /// The baseline from now on, if it was prepared; or none.
    Baseline(Option<PhotoId>),
    /// A frame of the camera's live picture (`ImageBitmap`).
    Look,
    /// Two photographs (`ArrayBuffer`s of JPEGs): how does the second lie on the first?
    Lay,
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Answer {
    /// Beside it: the JPEG to be kept, and its thumbnail (`ArrayBuffer`s).
    Developed {
        sha256: String,
        width: u16,
        height: u16,
        measures: Measures,
    },
    Prepared,
    /// Whether it is held against that now. Of what was prepared, the latest few are kept.
    Held(bool),
    Looked(Measures),
    /// How the second lies on the first, and what its colours are multiplied by to look as the first's. `None`: nothing could be
    /// found that is the same in both.
    Laid(Option<(Similarity, Option<Gains>)>),
    /// The picture cannot be read, or the browser could not do it.
    Failed {
        unreadable: bool,
        words: String,
    },
}

/// An order or an answer, with its number and its parts: an array, as workers exchange them.
pub struct Message<T> {
    pub number: u32,
    pub head: T,
    pub parts: Vec<JsValue>,
}

impl<T: Serialize> Message<T> {
    /// As it is posted, and which of its parts change hands.
    pub fn write(&self) -> (JsValue, JsValue) {
        let head = serde_json::to_string(&self.head).unwrap_or_default();
        let parts: Array = self.parts.iter().collect();
        let handed: Array = self.parts.iter().filter(|part| changes_hands(part)).collect();
        (Array::of3(&self.number.into(), &head.into(), &parts).into(), handed.into())
    }
}

impl<T: DeserializeOwned> Message<T> {
    pub fn read(value: &JsValue) -> Option<Self> {
        let message = value.dyn_ref::<Array>()?;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "written by `write`")]
        let number = message.get(0).as_f64()? as u32;
        let head = serde_json::from_slice(message.get(1).as_string()?.as_bytes()).ok()?;
        let parts = message.get(2).dyn_ref::<Array>()?.iter().collect();
        Some(Self { number, head, parts })
    }
}

/// Files stay where they are; buffers and bitmaps go.
fn changes_hands(part: &JsValue) -> bool {
    let name = js_sys::Object::get_prototype_of(part).constructor().name();
    name == "ArrayBuffer" || name == "ImageBitmap"
}
