//! The worker's own program: takes orders one after the other.

mod develop;
mod measures;
mod pixels;

use crate::{Answer, Message, Order};
use domain::ids::PhotoId;
use imaging::{Gains, Luma, Photo, Picture, Similarity, Tones, differences, register};
use js_sys::ArrayBuffer;
use measures::measures;
use pixels::{Pixels, Size};
use std::{cell::RefCell, rc::Rc};
use wasm_bindgen::{JsCast, JsValue, closure::Closure, prelude::wasm_bindgen};
use wasm_bindgen_futures::spawn_local;
use web_sys::{DedicatedWorkerGlobalScope, ImageBitmap, MessageEvent};

/// The longer sides, in pixels, in which pictures are compared: a live frame, a photograph, and two that are laid over each other
/// to be looked at.
const LIVE: usize = 320;
const SHOT: usize = 800;
const LAID: usize = 1600;

/// Of what was prepared so many are kept: the views of a session, each 2.5 MB.
const MOST_PREPARED: usize = 8;

/// What a new picture can be held against.
struct Baseline {
    photo: PhotoId,
    /// Ready to be compared with a live frame, and with a photograph.
    live: Photo,
    shot: Photo,
}

#[derive(Default)]
struct Darkroom {
    /// The latest at the end.
    prepared: RefCell<Vec<Rc<Baseline>>>,
    baseline: RefCell<Option<Rc<Baseline>>>,
}

/// Why an order was not carried out.
struct Failure {
    unreadable: bool,
    words: String,
}

impl From<JsValue> for Failure {
    fn from(error: JsValue) -> Self {
        let words = error.dyn_ref::<js_sys::Error>().map_or_else(|| format!("{error:?}"), |error| String::from(error.message()));
        Self { unreadable: false, words }
    }
}

/// Runs when the worker's program is loaded.
#[wasm_bindgen(start)]
pub fn start() {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let darkroom = Rc::new(Darkroom::default());
    let answering = scope.clone();
    let hear = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let Some(Message { number, head, parts }) = Message::<Order>::read(&event.data()) else { return };
        let (darkroom, scope) = (darkroom.clone(), answering.clone());
        spawn_local(async move {
            let (head, parts) = match darkroom.carry_out(head, &parts).await {
                Ok(answer) => answer,
                Err(Failure { unreadable, words }) => (Answer::Failed { unreadable, words }, Vec::new()),
            };
            let (message, handed) = Message { number, head, parts }.write();
            // The page may be gone; nobody is left to tell then.
            let _ = scope.post_message_with_transfer(&message, &handed);
        });
    });
    scope.set_onmessage(Some(hear.as_ref().unchecked_ref()));
    hear.forget();
    // What was sent before anybody listened is lost: the page waits for this.
    let _ = scope.post_message(&JsValue::TRUE);
}

type Answered = Result<(Answer, Vec<JsValue>), Failure>;

impl Darkroom {
    async fn carry_out(&self, order: Order, parts: &[JsValue]) -> Answered {
        let part = |n: usize| parts.get(n).cloned().unwrap_or_default();
        match order {
            Order::Develop => self.develop(&part(0)).await,
            Order::Prepare { photo } => {
                let picture = pixels::open(&part(0)).await?;
                let live = prepared(&pixels::read(&picture, LIVE)?, LIVE)?;
                let shot = prepared(&pixels::read(&picture, SHOT)?, SHOT)?;
                picture.close();
                self.keep(Baseline { photo, live, shot });
                Ok((Answer::Prepared, Vec::new()))
            }
            Order::Baseline(photo) => {
                let found = self.prepared.borrow().iter().find(|one| Some(one.photo) == photo).cloned();
                let held = photo.is_none() || found.is_some();
                self.baseline.replace(found);
                Ok((Answer::Held(held), Vec::new()))
            }
            Order::Look => {
                let frame = pixels::open(&part(0)).await?;
                let now = prepared(&pixels::read(&frame, LIVE)?, LIVE)?;
                frame.close();
                let baseline = self.baseline.borrow();
                let seen = differences(baseline.as_ref().map(|baseline| &baseline.live), &now);
                let measures = measures(baseline.as_ref().map(|baseline| baseline.photo), &seen);
                Ok((Answer::Looked(measures), Vec::new()))
            }
            Order::Lay => {
                let (earlier, later) = (opened(&part(0)).await?, opened(&part(1)).await?);
                Ok((Answer::Laid(laid(&earlier, &later)?), Vec::new()))
            }
        }
    }

    fn keep(&self, baseline: Baseline) {
        let mut prepared = self.prepared.borrow_mut();
        prepared.retain(|one| one.photo != baseline.photo);
        if prepared.len() == MOST_PREPARED {
            prepared.remove(0);
        }
        prepared.push(Rc::new(baseline));
    }

    async fn develop(&self, picture: &JsValue) -> Answered {
        let picture = pixels::open(picture).await?;
        let drawn = develop::draw(&picture)?;
        picture.close();
        // The browser encodes elsewhere while this thread measures.
        let encoding = drawn.encode()?;
        let now = prepared(&pixels::of_canvas(drawn.canvas(), SHOT)?, SHOT)?;
        let baseline = self.baseline.borrow().as_ref().map(|baseline| {
            let seen = differences(Some(&baseline.shot), &now);
            measures(Some(baseline.photo), &seen)
        });
        let measures = baseline.unwrap_or_else(|| measures(None, &differences(None, &now)));
        let developed = encoding.finish().await?;
        let Size { width, height } = drawn.size();
        let answer = Answer::Developed { sha256: developed.sha256, width, height, measures };
        Ok((answer, vec![developed.jpeg.into(), developed.thumbnail.into()]))
    }
}

fn prepared(pixels: &Pixels, longest: usize) -> Result<Photo, Failure> {
    Ok(Photo::of(&picture(pixels)?, longest))
}

fn picture(pixels: &Pixels) -> Result<Picture<'_>, Failure> {
    let picture = Picture::new(pixels.width, pixels.height, &pixels.rgba);
    picture.map_err(|error| Failure { unreadable: true, words: error.to_string() })
}

async fn opened(jpeg: &JsValue) -> Result<Pixels, Failure> {
    let bitmap: ImageBitmap = pixels::open(jpeg.unchecked_ref::<ArrayBuffer>()).await?;
    let read = pixels::read(&bitmap, LAID);
    bitmap.close();
    read
}

fn laid(earlier: &Pixels, later: &Pixels) -> Result<Option<(Similarity, Option<Gains>)>, Failure> {
    let (earlier, later) = (picture(earlier)?, picture(later)?);
    let Ok(found) = register(&Luma::of(&earlier, LAID), &Luma::of(&later, LAID)) else { return Ok(None) };
    let place = found.similarity;
    let gains = Gains::between(&Tones::of(&earlier), &Tones::of(&later), &place);
    Ok(Some((place, gains)))
}
