//! Booking a session: three times are offered at its interval; any other can be chosen; what is booked is moved or cancelled.

mod book;
mod booked;
mod choices;
pub mod model;
mod nevertheless;

use crate::{icon::Icon, words, workspace::use_workspace};
use book::Book;
use booked::Booked;
use domain::{
    catalogue::Catalogue,
    chart::Chart,
    follow_up::elsewhere::Elsewhere,
    ids::{ClientId, SessionId},
    session::Session,
};
use leptos::prelude::*;
use model::ahead;
use std::sync::Arc;

/// Whether something of a session can be booked.
pub fn is_open(chart: &Chart, session: SessionId) -> bool {
    ahead(chart, session).is_some_and(|ahead| ahead.more)
}

/// The bookings of one session that are still to be held, and the booking of what is left.
#[component]
pub fn Booking(client: ClientId, session: SessionId) -> impl IntoView {
    let workspace = use_workspace();
    let ahead = Memo::new(move |_| ahead(&*workspace.chart(client)?, session));
    move || {
        ahead.get().map(|ahead| {
            let booked = |appointment| view! { <Booked client session appointment /> };
            view! {
                {ahead.bookings.into_iter().map(booked).collect_view()}
                {ahead.elsewhere.zip(workspace.catalogue()).map(|(kept, catalogue)| view! { <KeptElsewhere kept catalogue /> })}
                {ahead
                    .more
                    .then(|| {
                        view! {
                            <section class="book-more" id="book" tabindex="-1" aria-label="Create a booking">
                                <Book client session moving=None />
                            </section>
                        }
                    })}
            }
        })
    }
}

/// What another system keeps can be read here, and is changed there.
#[component]
fn KeptElsewhere(kept: Elsewhere, catalogue: Arc<Catalogue>) -> impl IntoView {
    view! {
        <div class="book">
            <div class="booked">
                <Icon name="calendar" />
                <p class="num">
                    <b>{words::kept_elsewhere(&kept, &catalogue.clock)}</b>
                    <span class="soft">
                        {if kept.is_ahead() {
                            format!("It is moved or cancelled in {}.", kept.system)
                        } else {
                            "It is still to be charted here.".to_owned()
                        }}
                    </span>
                </p>
            </div>
        </div>
    }
}

/// After a session is signed: the one after it, while something of it is not booked.
#[component]
pub fn NextBooking(client: ClientId, session: SessionId) -> impl IntoView {
    let workspace = use_workspace();
    let next = Memo::new(move |_| {
        let chart = workspace.chart(client)?;
        let &Session { plan, number, .. } = chart.session(session)?;
        let next = chart.next_to_book(plan).filter(|next| next.number == number + 1)?;
        let says = chart.balance(plan).sentence(chart.client.first_name());
        ahead(&chart, next.id)?.more.then_some((next.id, next.number, says))
    });
    move || {
        next.get().map(|(next, number, says)| {
            view! {
                <section class="sec" aria-labelledby="next-h">
                    <div class="sec-head">
                        <h2 id="next-h">{format!("Book session #{number}")}</h2>
                    </div>
                    <p class="soft">{says}</p>
                    <Book client session=next moving=None />
                </section>
            }
        })
    }
}
pub use nevertheless::Nevertheless;
