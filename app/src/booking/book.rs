//! Choosing a time: one of those offered, or any other that is free.

use super::{
    choices::{Another, Choices, Parts},
    model::{Due, Part, around, concerns, due, due_part, free, offers, parts, taken},
    nevertheless::Nevertheless,
};
use crate::{half_typed::HalfTyped, icon::Icon, problem::Problem, recording::Recording, workspace::use_workspace};
use domain::{
    booking::Time,
    catalogue::Catalogue,
    command::Change,
    ids::{AppointmentId, ClientId, ProcedureId, SessionId},
    session::Appointment,
    time::{Day, Moment},
};
use leptos::prelude::*;

/// Picks times for what is due, clear of those that are taken, from a moment on.
type Choose<'a> = &'a dyn Fn(&Catalogue, &[Time], Due, Moment) -> Vec<Time>;

#[component]
pub fn Book(
    client: ClientId,
    session: SessionId,
    /// The booking that is moved.
    moving: Option<Appointment>,
) -> impl IntoView {
    let workspace = use_workspace();
    // Several bookings of one session can be on the page.
    let key = moving.as_ref().map_or_else(|| session.to_string(), |moved| moved.id.to_string());
    let moving = StoredValue::new(moving);
    let chart = Memo::new(move |_| workspace.chart(client));
    let catalogue = Memo::new(move |_| workspace.catalogue());
    let choices = Choices::default();
    let open = Memo::new(move |_| match moving.with_value(Option::is_some) {
        true => Vec::new(),
        false => chart.with(|chart| chart.as_ref().map(|chart| parts(chart, session))).unwrap_or_default(),
    });
    let part = Memo::new(move |_| match moving.with_value(|moving| moving.as_ref().map(|moved| moved.procedures.clone())) {
        Some(moved) => moved,
        None => open.with(|open| choices.part(open)),
    });
    // Everything was taken out: there is nothing to book.
    let nothing = Memo::new(move |_| open.with(|open| !open.is_empty()) && part.with(Vec::is_empty));
    let proposed = Memo::new(move |_| {
        let ((chart, catalogue), today) = chart.get().zip(catalogue.get()).zip(workspace.today())?;
        moving.with_value(|moving| match moving {
            Some(_) => due(&chart, session, moving.as_ref(), &catalogue, today),
            None if nothing.get() => None,
            None => part.with(|part| due_part(&chart, session, None, part, &catalogue, today)),
        })
    });
    let wanted = Memo::new(move |_| proposed.get().map(|due| choices.wanted(due)));
    let day = Memo::new(move |_| choices.day(proposed.get()));
    let taken = Memo::new(move |_| workspace.read(|replica| taken(replica, workspace.now.get())));
    let around = Memo::new(move |_| {
        let (wanted, chart) = wanted.get().zip(chart.get())?;
        moving.with_value(|moving| taken.with(|taken| Some(around(taken, &chart, moving.as_ref(), wanted.provider))))
    });
    let times = move |choose: Choose<'_>| {
        let (wanted, catalogue) = wanted.get().zip(catalogue.get())?;
        around.with(|around| around.as_ref().map(|around| choose(&catalogue, around, wanted, workspace.now.get())))
    };
    let offered = Memo::new(move |_| times(&offers).unwrap_or_default());
    let free = Memo::new(move |_| {
        let day = day.get()?;
        times(&|catalogue, around, wanted, now| free(catalogue, around, wanted, day, now))
    });
    let against = move |day: Day| {
        let known = chart.get().zip(catalogue.get());
        known.map(|(chart, catalogue)| part.with(|part| concerns(&chart, session, part, day, &catalogue))).unwrap_or_default()
    };
    let on_that_day = Memo::new(move |_| day.get().map(against).unwrap_or_default());
    // Chosen although something stands against it: a reason is asked for.
    let asked = RwSignal::new(None::<Time>);
    let against_asked = Memo::new(move |_| {
        let day = asked.get().zip(catalogue.get()).map(|(time, catalogue)| catalogue.clock.day(time.starts));
        day.map(against).unwrap_or_default()
    });
    let recording = Recording::new(client);
    // With the reason where there is a concern.
    let book = move |time: Time, reason: Option<(String, HalfTyped)>| {
        let despite = reason.as_ref().map_or_else(String::new, |(typed, _)| typed.clone());
        let change = match moving.with_value(|moving| moving.as_ref().map(|moved| moved.id)) {
            Some(appointment) => Change::MoveBooking { session, appointment, time, despite },
            None => {
                let procedures: Vec<ProcedureId> = part.get_untracked();
                Change::BookSession { session, appointment: AppointmentId(workspace.new_id()), time, procedures, despite }
            }
        };
        recording.record(change, "It was not booked.", move || {
            if let Some((typed, kept)) = reason {
                kept.saved(&typed);
            }
            asked.try_set(None);
            choices.left_out.try_set(Vec::new());
        });
    };
    let choose = move |time: Time| {
        let day = catalogue.with_untracked(|catalogue| catalogue.as_ref().map(|catalogue| catalogue.clock.day(time.starts)));
        if day.is_none_or(|day| untrack(|| against(day)).is_empty()) {
            asked.set(None);
            book(time, None);
        } else {
            asked.set(Some(time));
        }
    };
    let words = move |starts: Moment| {
        catalogue.get().map(|catalogue| format!("{}, {}", catalogue.clock.day(starts).heading(), catalogue.clock.time(starts)))
    };
    let offer = move |time: Time| {
        view! {
            <button class="btn offer num" type="button" aria-disabled=move || recording.busy.get().to_string() on:click=move |_| choose(time)>
                <Icon name="calendar" />
                {words(time.starts)}
            </button>
        }
    };
    let quarter = move |time: Time| {
        view! {
            <button class="pick num" type="button" aria-pressed=move || (asked.get() == Some(time)).to_string() on:click=move |_| choose(time)>
                {move || catalogue.get().map(|catalogue| catalogue.clock.time(time.starts))}
            </button>
        }
    };
    let about = key.clone();
    let ask = move || {
        asked.get().map(|time| {
            let about = format!("despite/{about}");
            let words = format!("Book {} nevertheless", words(time.starts).unwrap_or_default());
            let act = Callback::new(move |reason| book(time, Some(reason)));
            let instead = ("Not then", Callback::new(move |()| asked.set(None)));
            view! { <Nevertheless about concerns=against_asked words busy=recording.busy takes_focus=true act instead /> }
        })
    };
    let several = move || open.with(|open| open.len() > 1);
    view! {
        <div class="book">
            <Show when=several>
                <Parts open choices />
            </Show>
            <p class="soft small" aria-hidden="true">
                "Next free times"
            </p>
            <div class="btn-row" role="group" aria-label="Next free times">
                {move || offered.get().into_iter().map(offer).collect_view()}
                <Show when=move || offered.with(Vec::is_empty)>
                    <p class="soft">
                        {move || {
                            if nothing.get() {
                                "Choose what is booked first."
                            } else {
                                "Nothing is free in the four weeks after it is due. Choose another provider, room or day."
                            }
                        }}
                    </p>
                </Show>
            </div>
            {ask}
            <details class="plan-more">
                <summary>"Another time" <Icon name="down" /></summary>
                <Another key proposed day choices />
                <Concerns concerns=on_that_day />
                <div class="picks" role="group" aria-label="Free times on that day">
                    {move || free.get().unwrap_or_default().into_iter().map(quarter).collect_view()}
                    <Show when=move || free.with(|free| free.as_ref().is_none_or(Vec::is_empty))>
                        <p class="soft">"Nothing is free on that day, or the clinic is closed."</p>
                    </Show>
                </div>
            </details>
            <Problem words=recording.problem />
        </div>
    }
}

/// What stands against a day, one line each.
#[component]
pub fn Concerns(#[prop(into)] concerns: Signal<Vec<String>>) -> impl IntoView {
    view! {
        <Show when=move || concerns.with(|concerns| !concerns.is_empty())>
            <div class="say is-warn" role="status">
                <Icon name="alert" />
                <span>
                    <b>"Too soon? "</b>
                    {move || concerns.get().join(" ")}
                </span>
            </div>
        </Show>
    }
}

/// Names of what is booked, for screen readers and for the boxes.
pub fn part_label(part: &Part) -> String {
    format!("{}, {} min", part.name, part.minutes)
}
