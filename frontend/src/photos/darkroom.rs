//! The page's end of the darkroom: a worker that is started with the first order, and answers in any order.

use app::ports::{self, DarkroomError, Developed, Laid};
use async_trait::async_trait;
use darkroom::{Answer, Message, Order};
use domain::{ids::PhotoId, photo::Measures};
use futures::{
    channel::oneshot,
    future::{FutureExt, LocalBoxFuture, Shared},
};
use js_sys::Uint8Array;
use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    rc::Rc,
};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, HtmlVideoElement, MessageEvent, WorkerOptions, WorkerType};

#[derive(Default)]
pub struct Worker {
    started: RefCell<Option<Starting>>,
    number: Cell<u32>,
}

type Starting = Shared<LocalBoxFuture<'static, Result<Running, String>>>;
/// Says once that it listens, or why it never will.
type Ready = oneshot::Receiver<Result<(), String>>;
type Waiting = Rc<RefCell<HashMap<u32, oneshot::Sender<Message<Answer>>>>>;

#[derive(Clone)]
struct Running {
    worker: web_sys::Worker,
    waiting: Waiting,
}

/// Frames are handed over in this size at most while somebody aims: more is not looked at.
const LIVE: u32 = 480;

fn failed(error: &JsValue) -> DarkroomError {
    let words = error.dyn_ref::<js_sys::Error>().map_or_else(|| format!("{error:?}"), |error| String::from(error.message()));
    DarkroomError::Failed(words)
}

/// The address stands in the page: it names a build.
fn start() -> Result<(Running, Ready), JsValue> {
    let document = web_sys::window().and_then(|window| window.document()).ok_or(JsValue::NULL)?;
    let named = document.query_selector("meta[name=darkroom]")?.and_then(|meta| meta.get_attribute("content"));
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    let worker = web_sys::Worker::new_with_options(&named.ok_or(JsValue::NULL)?, &options)?;
    let waiting = Waiting::default();
    let (ready, listening) = oneshot::channel();
    let ready = Rc::new(RefCell::new(Some(ready)));
    let (hears, broke) = (ready.clone(), ready);
    let answered = waiting.clone();
    let hear = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| match Message::<Answer>::read(&event.data()) {
        Some(message) => {
            if let Some(asked) = answered.borrow_mut().remove(&message.number) {
                let _ = asked.send(message);
            }
        }
        // Its first word is that it listens.
        None => drop(hears.take().map(|ready| ready.send(Ok(())))),
    });
    worker.set_onmessage(Some(hear.as_ref().unchecked_ref()));
    hear.forget();
    let left = waiting.clone();
    let fail = Closure::<dyn FnMut(JsValue)>::new(move |_| {
        drop(broke.take().map(|ready| ready.send(Err("the worker did not start".to_owned()))));
        // Whoever waits for an answer of it gets none any more.
        left.borrow_mut().clear();
    });
    worker.set_onerror(Some(fail.as_ref().unchecked_ref()));
    fail.forget();
    Ok((Running { worker, waiting }, listening))
}

impl Worker {
    async fn running(&self) -> Result<Running, DarkroomError> {
        let begin = || {
            let starting = async {
                let (running, listening) = start().map_err(|error| failed(&error).to_string())?;
                listening.await.unwrap_or_else(|_| Err("the worker ended".to_owned()))?;
                Ok(running)
            };
            starting.boxed_local().shared()
        };
        let starting = self.started.borrow_mut().get_or_insert_with(begin).clone();
        let result = starting.await;
        if result.is_err() {
            // The next order starts another one.
            self.started.take();
        }
        result.map_err(DarkroomError::Failed)
    }

    async fn ask(&self, order: Order, parts: Vec<JsValue>) -> Result<Message<Answer>, DarkroomError> {
        let running = self.running().await?;
        let number = self.number.get().wrapping_add(1);
        self.number.set(number);
        let (asked, answer) = oneshot::channel();
        running.waiting.borrow_mut().insert(number, asked);
        let (message, handed) = Message { number, head: order, parts }.write();
        running.worker.post_message_with_transfer(&message, &handed).map_err(|error| failed(&error))?;
        let Ok(message) = answer.await else {
            self.started.take();
            return Err(DarkroomError::Failed("the worker ended".to_owned()));
        };
        match message.head {
            Answer::Failed { unreadable: true, .. } => Err(DarkroomError::Unreadable),
            Answer::Failed { words, .. } => Err(DarkroomError::Failed(words)),
            _ => Ok(message),
        }
    }

    async fn develop(&self, picture: JsValue) -> Result<Developed, DarkroomError> {
        let message = self.ask(Order::Develop, vec![picture]).await?;
        let Answer::Developed { sha256, width, height, measures } = message.head else { return Err(unexpected()) };
        let bytes = |n: usize| message.parts.get(n).map(|part| Uint8Array::new(part).to_vec()).unwrap_or_default();
        Ok(Developed { picture: bytes(0), thumbnail: bytes(1), sha256, width, height, measures })
    }
}

fn unexpected() -> DarkroomError {
    DarkroomError::Failed("another answer than expected".to_owned())
}

/// What the camera shows at this moment.
async fn frame(live: &HtmlVideoElement, longest: Option<u32>) -> Result<JsValue, DarkroomError> {
    let window = web_sys::window().ok_or_else(unexpected)?;
    let (width, height) = (live.video_width(), live.video_height());
    let longer = width.max(height);
    if longer == 0 {
        return Err(DarkroomError::Failed("the camera shows nothing yet".to_owned()));
    }
    let grabbing = match longest.filter(|longest| *longest < longer) {
        None => window.create_image_bitmap_with_html_video_element(live),
        Some(longest) => {
            let options = web_sys::ImageBitmapOptions::new();
            options.set_resize_width((width * longest / longer).max(1));
            options.set_resize_height((height * longest / longer).max(1));
            window.create_image_bitmap_with_html_video_element_and_image_bitmap_options(live, &options)
        }
    };
    JsFuture::from(grabbing.map_err(|error| failed(&error))?).await.map_err(|error| failed(&error))
}

fn buffer(bytes: &[u8]) -> JsValue {
    Uint8Array::from(bytes).buffer().into()
}

#[async_trait(?Send)]
impl ports::Darkroom for Worker {
    async fn prepare(&self, photo: PhotoId, picture: &[u8]) -> Result<(), DarkroomError> {
        self.ask(Order::Prepare { photo }, vec![buffer(picture)]).await.map(drop)
    }

    async fn hold_against(&self, baseline: Option<PhotoId>) -> Result<bool, DarkroomError> {
        match self.ask(Order::Baseline(baseline), Vec::new()).await?.head {
            Answer::Held(held) => Ok(held),
            _ => Err(unexpected()),
        }
    }

    async fn look(&self, live: &HtmlVideoElement) -> Result<Measures, DarkroomError> {
        let frame = frame(live, Some(LIVE)).await?;
        match self.ask(Order::Look, vec![frame]).await?.head {
            Answer::Looked(measures) => Ok(measures),
            _ => Err(unexpected()),
        }
    }

    async fn develop_frame(&self, live: &HtmlVideoElement) -> Result<Developed, DarkroomError> {
        let frame = frame(live, None).await?;
        self.develop(frame).await
    }

    async fn develop_file(&self, file: &File) -> Result<Developed, DarkroomError> {
        self.develop(file.clone().into()).await
    }

    async fn lay(&self, earlier: Vec<u8>, later: Vec<u8>) -> Result<Option<Laid>, DarkroomError> {
        match self.ask(Order::Lay, vec![buffer(&earlier), buffer(&later)]).await?.head {
            Answer::Laid(laid) => Ok(laid.map(|(place, gains)| Laid { place, gains })),
            _ => Err(unexpected()),
        }
    }
}
