//! When to bring device and server in step: on every announcement, when the network or the page comes back,
//! often while the server cannot be reached, and every twenty seconds in any case.

use app::workspace::{Link, Workspace};
use gloo::{events::EventListener, timers::callback::Interval};
use leptos::prelude::*;
use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};
use web_sys::{EventSource, VisibilityState};

/// While the server is away it is looked for this often, so that its return is noticed at once.
const TICK_MS: u32 = 500;
const POLL_MS: f64 = 20_000.0;
/// The server beats every ten seconds.
const SILENCE_MS: f64 = 25_000.0;
const MINUTE_MS: f64 = 60_000.0;

/// Goes on for as long as the page lives.
pub fn keep_in_step(workspace: Workspace) {
    let line = Rc::new(Line { workspace, source: RefCell::default(), heard: Cell::new(now()) });
    on_window(&line, "online", |line| line.start_again());
    on_window(&line, "offline", |line| line.workspace.sync());
    let visible = line.clone();
    EventListener::new(&document(), "visibilitychange", move |_| {
        if document().visibility_state() == VisibilityState::Visible {
            visible.start_again();
        }
    })
    .forget();
    listen_to_other_tabs(&line);
    line.start_again();

    let (mut polled, mut minute) = (now(), 0.0);
    Interval::new(TICK_MS, move || {
        let (time, visible) = (now(), document().visibility_state() == VisibilityState::Visible);
        let away = line.workspace.link.try_get_untracked() == Some(Link::Offline);
        if time - polled > POLL_MS || (away && visible) {
            polled = time;
            line.workspace.sync();
        }
        if time - line.heard.get() > SILENCE_MS {
            line.start_again();
        }
        let this_minute = (time / MINUTE_MS).floor();
        if this_minute > minute {
            minute = this_minute;
            line.workspace.now.try_set(line.workspace.now_moment());
        }
    })
    .forget();
    reopen_when_back(workspace);
}

/// The line over which the server announces that there is something new.
struct Line {
    workspace: Workspace,
    /// Closed when replaced; its listeners end with it.
    source: RefCell<Option<(EventSource, Vec<EventListener>)>>,
    /// When the server was last heard.
    heard: Cell<f64>,
}

impl Line {
    fn start_again(self: &Rc<Self>) {
        self.heard.set(now());
        self.workspace.sync();
        if let Some((source, listeners)) = self.source.take() {
            drop(listeners);
            source.close();
        }
        let Ok(source) = EventSource::new("/live") else { return };
        let heard = |name: &'static str, act: fn(&Self)| {
            let line = self.clone();
            EventListener::new(&source, name, move |_| {
                line.heard.set(now());
                act(&line);
            })
        };
        let listeners =
            vec![heard("version", |line| line.workspace.sync()), heard("beat", |_| {}), heard("error", |line| line.workspace.sync())];
        self.source.replace(Some((source, listeners)));
    }
}

/// Once the server is back, or somebody signed in, the line is opened anew: browsers give up on one that was refused.
fn reopen_when_back(workspace: Workspace) {
    Effect::new(move |before: Option<Link>| {
        let link = workspace.link.get();
        if link == Link::Online && before.is_some_and(|before| before != Link::Online) {
            // Heard by `keep_in_step`, as if the browser had said it.
            if let Ok(event) = web_sys::Event::new("online") {
                let _ = window().dispatch_event(&event);
            }
        }
        link
    });
}

/// Other tabs of this browser share the outbox: what one adds, any of them may send.
fn listen_to_other_tabs(line: &Rc<Line>) {
    let Some(channel) = crate::local_store::other_tabs() else { return };
    let line = line.clone();
    let listener = EventListener::new(&channel, "message", move |_| line.workspace.adopt());
    listener.forget();
}

fn on_window(line: &Rc<Line>, name: &'static str, act: fn(&Rc<Line>)) {
    let line = line.clone();
    EventListener::new(&window(), name, move |_| act(&line)).forget();
}

fn now() -> f64 {
    js_sys::Date::now()
}
