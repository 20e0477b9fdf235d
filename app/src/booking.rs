//! Booking a session: three times are offered at its interval; any other can be chosen; what is booked is moved or cancelled.

mod book;
mod booked;
pub(crate) mod model;

use crate::workspace::use_workspace;
use book::Book;
use booked::Booked;
use domain::ids::{ClientId, SessionId};
use leptos::prelude::*;
use model::ahead;

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
                {ahead.more.then(|| view! { <Book client session moving=None /> })}
            }
        })
    }
}

/// After a session is signed: the next one of its series, while something of it is not booked.
#[component]
pub fn NextBooking(client: ClientId, session: SessionId) -> impl IntoView {
    let workspace = use_workspace();
    let next = Memo::new(move |_| {
        let chart = workspace.chart(client)?;
        let next = chart.next_session(chart.session(session)?.plan)?;
        ahead(&chart, next.id)?.more.then_some((next.id, next.number))
    });
    move || {
        next.get().map(|(next, number)| {
            view! {
                <section class="sec" aria-labelledby="next-h">
                    <div class="sec-head">
                        <h2 id="next-h">{format!("Book session #{number}")}</h2>
                    </div>
                    <Book client session=next moving=None />
                </section>
            }
        })
    }
}
