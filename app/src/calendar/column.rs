//! One column of the board: its head, when it is closed, what has passed, and its cards.

use super::{
    address::{Asked, By, Holder, Span},
    board::{Block, Board, Card, Column},
    card::BookingCard,
    pointer::Pointer,
    state::{Open, Slot, use_calendar},
};
use crate::words;
use domain::{ids::AppointmentId, time::Day};
use leptos::{ev::MouseEvent, html, prelude::*, web_sys::Element};
use std::cmp::Ordering;
use wasm_bindgen::JsCast;

/// What a column is, apart from what is in it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Head {
    pub position: usize,
    title: String,
    day: Day,
    holder: Holder,
    shut: Vec<(u16, u16)>,
    idle: bool,
}

pub fn heads(board: &Board) -> Vec<Head> {
    let head = |(position, column): (usize, &Column)| Head {
        position,
        title: column.title.clone(),
        day: column.day,
        holder: column.holder,
        shut: column.shut(board.from, board.to).iter().map(|shut| (shut.from, shut.to)).collect(),
        idle: column.is_idle(),
    };
    board.columns.iter().enumerate().map(head).collect()
}

/// A provider leads to their week, a day of the week to that day.
#[component]
pub fn ColumnHead(head: Head) -> impl IntoView {
    let calendar = use_calendar();
    let Head { title, day, holder, idle, .. } = head;
    let path = move || {
        let (asked, today) = (calendar.asked.get(), calendar.today.get());
        let other = match asked.span {
            Span::Day => Asked { span: Span::Week, of: holder.id(), ..asked },
            Span::Week => Asked { span: Span::Day, ..asked }.on(day),
        };
        (holder.id().is_some() || asked.span == Span::Week).then(|| other.path(today))
    };
    let hint = move || if calendar.asked.get().span == Span::Day { ", the week" } else { ", the day" };
    let is_today = move || calendar.today.get() == day && calendar.asked.get().span == Span::Week;
    let name = StoredValue::new(title);
    view! {
        <h2 class="cal-head" class:is-today=is_today>
            {move || match path() {
                Some(path) => {
                    view! {
                        <a href=path>
                            <span>{name.get_value()}</span>
                            <span class="vh">{hint}</span>
                        </a>
                    }
                        .into_any()
                }
                None => view! { <span>{name.get_value()}</span> }.into_any(),
            }}
            {idle.then(|| view! { <span class="cal-closed">"closed"</span> })}
        </h2>
    }
}

#[component]
pub fn ColumnBody(head: Head) -> impl IntoView {
    let calendar = use_calendar();
    let pointer: Pointer = expect_context();
    let workspace = calendar.workspace;
    let Head { position, title, day, holder, shut, .. } = head;
    let cards = Memo::new(move |_| {
        calendar.board.with(|board| {
            let column = board.columns.get(position).filter(|column| column.holder == holder && column.day == day);
            column.map(|column| column.cards.clone()).unwrap_or_default()
        })
    });
    let ids = move || cards.with(|cards| cards.iter().map(|card| card.booked.id).collect::<Vec<_>>());
    let elsewhere = Memo::new(move |_| {
        calendar.board.with(|board| {
            let column = board.columns.get(position).filter(|column| column.holder == holder && column.day == day);
            column.map(|column| column.elsewhere.clone()).unwrap_or_default()
        })
    });
    // Minutes of this day that have passed: none, some, or all.
    let passed = Memo::new(move |_| {
        let today = calendar.today.get();
        let (from, to) = calendar.board.with(|board| (board.from, board.to));
        let now = workspace.catalogue().map_or(0, |catalogue| catalogue.clock.minute(workspace.now.get()));
        match day.cmp(&today) {
            Ordering::Less => to - from,
            Ordering::Equal => now.clamp(from, to) - from,
            Ordering::Greater => 0,
        }
    });
    let is_now = move || {
        let length = calendar.board.with(|board| board.to - board.from);
        calendar.today.get() == day && (1..length).contains(&passed.get())
    };
    let body = NodeRef::<html::Section>::new();
    let touch = move |event: MouseEvent| {
        let on_card = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let on_card = on_card.and_then(|element| element.closest(".cal-card").ok().flatten()).is_some();
        // Nothing is booked with nobody.
        let on_card = on_card || holder == Holder::Without(By::Provider);
        let Some((body, drawn)) = body.get_untracked().zip(calendar.drawn()).filter(|_| !on_card && !pointer.just_dragged()) else {
            return;
        };
        let minute = drawn.touched(f64::from(event.client_y()) - body.get_bounding_client_rect().top());
        calendar.open.set(Open::New(Slot { holder, day, minute }));
    };
    let shut = shut
        .into_iter()
        .map(|(from, to)| {
            view! { <span class="cal-shut" aria-hidden="true" style=("--at", from.to_string()) style=("--for", (to - from).to_string())></span> }
        })
        .collect_view();
    let count = move || cards.with(Vec::len) + elsewhere.with(Vec::len);
    let label = move || format!("{title}, {}", words::count(count() as u64, "booking", "bookings"));
    view! {
        <section class="cal-col" role="group" aria-label=label node_ref=body on:click=touch>
            {shut}
            <span class="cal-past" aria-hidden="true" style=("--passed", move || passed.get().to_string())></span>
            <ul>
                <For each=ids key=|id| *id let:id>
                    <BookingCard id card=Signal::derive(move || card_of(cards, id)) />
                </For>
                <For each=move || elsewhere.get() key=Clone::clone let:block>
                    <ElsewhereBlock block />
                </For>
            </ul>
            <Show when=is_now>
                <span class="cal-now" aria-hidden="true" style=("--passed", move || passed.get().to_string())></span>
            </Show>
        </section>
    }
}

/// It leads to the client: there is nothing to move here.
#[component]
fn ElsewhereBlock(block: Block) -> impl IntoView {
    let Block { client, name, series, system, from, minute, minutes, lane } = block;
    view! {
        <li
            class="cal-slot"
            class:is-short=move || minutes < 30
            style=("--at", minute.to_string())
            style=("--for", minutes.to_string())
            style=("--lane", lane.lane.to_string())
            style=("--lanes", lane.of.to_string())
        >
            <a class="cal-card is-elsewhere" href=format!("/clients/{client}")>
                <span class="cal-face">
                    <span class="cal-who">
                        <b>{name}</b>
                        <span class="num">{from}</span>
                    </span>
                    <span class="cal-what">
                        <span class="cal-package">{series}</span>
                    </span>
                </span>
                <span class="cal-place">{format!("in {system}")}</span>
            </a>
        </li>
    }
}

fn card_of(cards: Memo<Vec<Card>>, id: AppointmentId) -> Option<Card> {
    cards.with(|cards| cards.iter().find(|card| card.booked.id == id).cloned())
}
