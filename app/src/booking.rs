//! Booking a session: three times are offered at its interval; any other can be chosen; what is booked is moved or cancelled.

mod book;
mod booked;
mod model;

use crate::workspace::use_workspace;
use book::Book;
use booked::Booked;
use domain::ids::{ClientId, SessionId};
use leptos::prelude::*;

/// The booking of one session, if it is still to be held.
#[component]
pub fn Booking(client: ClientId, session: SessionId) -> impl IntoView {
    let workspace = use_workspace();
    let state = Memo::new(move |_| {
        let chart = workspace.chart(client)?;
        let listed = chart.listed().into_iter().find(|listed| listed.session.id == session)?;
        listed.visit.is_none().then_some(listed.session.appointment)
    });
    move || {
        state.get().map(|appointment| match appointment {
            None => view! { <Book client session moving=None /> }.into_any(),
            Some(appointment) => view! { <Booked client session appointment /> }.into_any(),
        })
    }
}

/// After a session is signed: the next one of its series, while it is not booked.
#[component]
pub fn NextBooking(client: ClientId, session: SessionId) -> impl IntoView {
    let workspace = use_workspace();
    let next = Memo::new(move |_| {
        let chart = workspace.chart(client)?;
        let next = chart.next_session(chart.session(session)?.plan)?;
        next.appointment.is_none().then_some((next.id, next.number))
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
