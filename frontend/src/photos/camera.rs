//! The device's camera.

use app::ports::{self, CameraError};
use async_trait::async_trait;
use js_sys::{Object, Reflect};
use std::cell::RefCell;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlVideoElement, MediaStream, MediaStreamConstraints, MediaStreamTrack, MediaStreamTrackState};

#[derive(Default)]
pub struct Device {
    open: RefCell<Option<MediaStream>>,
}

/// Asked for; the camera gives the nearest it has. More than what is kept helps nobody and costs frames.
const WIDTH: u32 = 2560;
const HEIGHT: u32 = 1920;

fn tracks(stream: &MediaStream) -> impl Iterator<Item = MediaStreamTrack> {
    stream.get_video_tracks().iter().map(JsCast::unchecked_into).collect::<Vec<_>>().into_iter()
}

fn constraints(front: bool) -> Result<MediaStreamConstraints, JsValue> {
    let ideal = |value: JsValue| -> Result<JsValue, JsValue> {
        let wish = Object::new();
        Reflect::set(&wish, &"ideal".into(), &value)?;
        Ok(wish.into())
    };
    let video = Object::new();
    Reflect::set(&video, &"facingMode".into(), &ideal(if front { "user" } else { "environment" }.into())?)?;
    Reflect::set(&video, &"width".into(), &ideal(WIDTH.into())?)?;
    Reflect::set(&video, &"height".into(), &ideal(HEIGHT.into())?)?;
    let constraints = MediaStreamConstraints::new();
    constraints.set_video(&video);
    constraints.set_audio(&JsValue::FALSE);
    Ok(constraints)
}

fn why(error: &JsValue) -> CameraError {
    let name = Reflect::get(error, &"name".into()).ok().and_then(|name| name.as_string()).unwrap_or_default();
    match name.as_str() {
        "NotAllowedError" | "SecurityError" => CameraError::Refused,
        "NotFoundError" | "OverconstrainedError" => CameraError::Missing,
        "NotReadableError" | "AbortError" => CameraError::Busy,
        _ => CameraError::Failed,
    }
}

async fn open(front: bool) -> Result<MediaStream, JsValue> {
    let window = web_sys::window().ok_or(JsValue::NULL)?;
    // Absent where the page is not served safely.
    let asking = window.navigator().media_devices()?.get_user_media_with_constraints(&constraints(front)?)?;
    Ok(JsFuture::from(asking).await?.unchecked_into())
}

#[async_trait(?Send)]
impl ports::Camera for Device {
    async fn open(&self, show_in: &HtmlVideoElement, front: bool) -> Result<(), CameraError> {
        self.close();
        let devices = web_sys::window().and_then(|window| window.navigator().media_devices().ok());
        if devices.is_none_or(|devices| devices.is_undefined()) {
            return Err(CameraError::Missing);
        }
        let stream = open(front).await.map_err(|error| why(&error))?;
        // Asked for twice at once: one light is enough.
        self.close();
        show_in.set_src_object(Some(&stream));
        self.open.replace(Some(stream));
        // Without the person's touch some browsers refuse; the element is told to play by itself too.
        if let Ok(playing) = show_in.play() {
            let _ = JsFuture::from(playing).await;
        }
        Ok(())
    }

    fn is_live(&self) -> bool {
        let live = |track: MediaStreamTrack| track.ready_state() == MediaStreamTrackState::Live && !track.muted();
        self.open.borrow().as_ref().is_some_and(|stream| tracks(stream).any(live))
    }

    fn close(&self) {
        if let Some(stream) = self.open.take() {
            tracks(&stream).for_each(|track| track.stop());
        }
    }
}
