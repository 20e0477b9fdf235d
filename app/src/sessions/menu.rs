//! What can be done with a row's session. One menu for the whole list, over everything: rows come and go as one scrolls,
//! and their list would clip it.

use crate::{icon::Icon, workspace::use_workspace};
use domain::ids::{ClientId, SessionId};
use leptos::{
    ev::{KeyboardEvent, MouseEvent},
    html,
    prelude::*,
};
use wasm_bindgen::JsCast;

/// The row whose menu is open, and where its button stands on the screen.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Opened {
    client: ClientId,
    session: SessionId,
    top: f64,
    bottom: f64,
    right: f64,
}

#[derive(Clone, Copy)]
pub struct RowMenu(RwSignal<Option<Opened>>);

/// A line of the menu.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Item {
    words: &'static str,
    icon: &'static str,
    href: String,
}

/// About the height of the menu: without so much room below its row it opens upwards.
const HEIGHT: f64 = 290.0;

impl RowMenu {
    pub fn new() -> Self {
        Self(RwSignal::new(None))
    }

    /// The row moved away, or another place was tapped.
    pub fn close(self) {
        if self.0.with_untracked(Option::is_some) {
            self.0.set(None);
        }
    }

    fn toggle(self, client: ClientId, session: SessionId, event: &MouseEvent) {
        let Some(button) = event.current_target().and_then(|target| target.dyn_into::<web_sys::Element>().ok()) else { return };
        let place = button.get_bounding_client_rect();
        let opened = Opened { client, session, top: place.top(), bottom: place.bottom(), right: place.right() };
        self.0.update(|open| *open = if open.is_some_and(|open| open.session == session) { None } else { Some(opened) });
    }

    fn is_of(self, session: SessionId) -> bool {
        self.0.with(|open| open.is_some_and(|open| open.session == session))
    }

    fn close_and_go_back(self) {
        let Some(opened) = self.0.get_untracked() else { return };
        self.0.set(None);
        if let Some(button) =
            document().get_element_by_id(&button_id(opened.session)).and_then(|it| it.dyn_into::<web_sys::HtmlElement>().ok())
        {
            let _ = button.focus();
        }
    }
}

fn button_id(session: SessionId) -> String {
    format!("more-{session}")
}

/// The button that stands at the end of a row.
#[component]
pub fn MenuButton(menu: RowMenu, client: ClientId, session: SessionId, about: String) -> impl IntoView {
    view! {
        <button
            class="icon-btn"
            type="button"
            id=button_id(session)
            aria-label=format!("More: {about}")
            aria-haspopup="menu"
            aria-expanded=move || menu.is_of(session).to_string()
            on:click=move |event| menu.toggle(client, session, &event)
        >
            <Icon name="more" />
        </button>
    }
}

/// Distances from the window's edges; written property by property, since whole style attributes are not let in.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Spot {
    right: String,
    top: String,
    bottom: String,
}

/// Where the menu stands: below its button, or above where there is no room.
fn spot(opened: Opened, width: f64, height: f64) -> Spot {
    let px = |n: f64| format!("{n}px");
    let (right, auto) = (px((width - opened.right).max(4.0)), "auto".to_owned());
    if opened.bottom + HEIGHT > height && opened.top > HEIGHT {
        Spot { right, top: auto, bottom: px(height - opened.top + 4.0) }
    } else {
        Spot { right, top: px(opened.bottom + 4.0), bottom: auto }
    }
}

#[component]
pub fn OpenMenu(menu: RowMenu) -> impl IntoView {
    let workspace = use_workspace();
    let told = move |client: ClientId, session: SessionId| {
        let chart = untrack(|| workspace.chart(client))?;
        let listed = chart.listed_session(chart.session(session)?)?;
        let charted_in = listed.visit.map_or(session, |visit| visit.id);
        let view = format!("/sessions/{client}/{session}");
        let item = |words, icon, href| Item { words, icon, href };
        let book = crate::booking::is_open(&chart, session).then(|| item("Create booking", "plus", format!("{view}?book=1")));
        let items = [
            Some(item("View", "eye", view)),
            book,
            untrack(|| workspace.treats()).then(|| item("Open the chart", "file", format!("/clients/{client}/sessions/{charted_in}"))),
            Some(item("Open the client", "user", format!("/clients/{client}"))),
        ];
        let says = chart.balance(listed.plan.id).sentence(chart.client.first_name());
        Some((says, items.into_iter().flatten().collect::<Vec<_>>()))
    };
    move || {
        menu.0.get().map(|opened| {
            let (says, items) = told(opened.client, opened.session).unwrap_or_default();
            let size = |side: Result<wasm_bindgen::JsValue, _>| side.ok().and_then(|side| side.as_f64()).unwrap_or(f64::MAX);
            let spot = spot(opened, size(window().inner_width()), size(window().inner_height()));
            view! { <Items menu says items spot /> }
        })
    }
}

#[component]
fn Items(
    menu: RowMenu,
    /// `Maya has 2 of 6 sessions remaining. Next session is #5.`
    says: String,
    items: Vec<Item>,
    spot: Spot,
) -> impl IntoView {
    let refs: Vec<NodeRef<html::A>> = items.iter().map(|_| NodeRef::new()).collect();
    let at = RwSignal::new(0_usize);
    let last = items.len().saturating_sub(1);
    Effect::new({
        let refs = refs.clone();
        move |_| {
            if let Some(item) = refs.get(at.get()).and_then(|item| item.get()) {
                let _ = item.focus();
            }
        }
    });
    let by_key = move |event: KeyboardEvent| {
        let now = at.get_untracked();
        let next = match event.key().as_str() {
            "ArrowDown" => {
                if now == last {
                    0
                } else {
                    now + 1
                }
            }
            "ArrowUp" => {
                if now == 0 {
                    last
                } else {
                    now - 1
                }
            }
            "Home" => 0,
            "End" => last,
            "Escape" | "Tab" => {
                event.prevent_default();
                return menu.close_and_go_back();
            }
            _ => return,
        };
        event.prevent_default();
        at.set(next);
    };
    let item = |(item, node_ref): (Item, NodeRef<html::A>)| {
        view! {
            <a role="menuitem" tabindex="-1" href=item.href node_ref=node_ref>
                <Icon name=item.icon />
                {item.words}
            </a>
        }
    };
    view! {
        <div class="row-menu-veil" aria-hidden="true" on:click=move |_| menu.close()></div>
        <div class="row-menu" style:right=spot.right style:top=spot.top style:bottom=spot.bottom>
            <p class="soft small" id="row-menu-says">
                {says}
            </p>
            <div role="menu" aria-label="This session" aria-describedby="row-menu-says" on:keydown=by_key>
                {items.into_iter().zip(refs).map(item).collect_view()}
            </div>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn the_menu_opens_upwards_where_there_is_no_room_below() {
        let opened =
            |bottom| Opened { client: ClientId(Uuid::nil()), session: SessionId(Uuid::nil()), top: bottom - 44.0, bottom, right: 1000.0 };
        let at = |bottom, height| {
            let Spot { right, top, bottom } = spot(opened(bottom), 1024.0, height);
            [right, top, bottom]
        };
        assert_eq!(at(100.0, 768.0), ["24px", "104px", "auto"]);
        assert_eq!(at(744.0, 768.0), ["24px", "auto", "72px"]);
        // In a window without room either way, below is where it can be scrolled to.
        assert_eq!(at(144.0, 200.0), ["24px", "148px", "auto"]);
    }
}
