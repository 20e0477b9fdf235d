//! Choosing a time: one of those offered, or any other that is free.

use super::model::{due, free, offers, taken};
use crate::{icon::Icon, problem::Problem, workspace::use_workspace};
use domain::{
    booking::Time,
    command::Change,
    ids::{AppointmentId, ClientId, SessionId},
    session::Appointment,
    time::{Day, Moment},
};
use leptos::{prelude::*, task::spawn_local};

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
    let due = Memo::new(move |_| {
        let (chart, catalogue) = workspace.chart(client).zip(workspace.catalogue())?;
        moving.with_value(|moving| due(&chart, session, moving.as_ref(), &catalogue, workspace.today()?))
    });
    let provider = RwSignal::new(due.get_untracked().map(|due| due.provider));
    let day = RwSignal::new(due.get_untracked().map(|due| due.day.to_string()).unwrap_or_default());
    let taken = Memo::new(move |_| workspace.read(|replica| taken(replica, workspace.now.get())));
    let offered = Memo::new(move |_| {
        let ((due, provider), catalogue) = due.get().zip(provider.get()).zip(workspace.catalogue())?;
        Some(taken.with(|taken| offers(&catalogue, taken, due.with(provider), workspace.now.get())))
    });
    let free = Memo::new(move |_| {
        let ((due, provider), catalogue) = due.get().zip(provider.get()).zip(workspace.catalogue())?;
        let day: Day = day.get().parse().ok()?;
        Some(taken.with(|taken| free(&catalogue, taken, due.with(provider), day, workspace.now.get())))
    });
    let (busy, problem) = (RwSignal::new(false), RwSignal::new(None::<String>));
    let book = Callback::new(move |time: Time| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let despite = String::new();
        let change = match moving.with_value(|moving| moving.as_ref().map(|moved| moved.id)) {
            Some(appointment) => Change::MoveBooking { session, appointment, time, despite },
            None => {
                let appointment = AppointmentId(workspace.new_id());
                Change::BookSession { session, appointment, time, procedures: Vec::new(), despite }
            }
        };
        spawn_local(async move {
            if let Err(error) = workspace.record(client, change, None).await {
                problem.try_set(Some(format!("It was not booked. {error}")));
            }
            busy.try_set(false);
        });
    });
    let words = move |starts: Moment| {
        workspace.catalogue().map(|catalogue| {
            let day = catalogue.clock.day(starts);
            format!("{}, {}", day.heading(), catalogue.clock.time(starts))
        })
    };
    let offer = move |time: Time| {
        view! {
            <button class="btn offer num" type="button" on:click=move |_| book.run(time)>
                <Icon name="calendar" />
                {words(time.starts)}
            </button>
        }
    };
    let quarter = move |time: Time| {
        view! {
            <button class="pick num" type="button" on:click=move |_| book.run(time)>
                {workspace.catalogue().map(|catalogue| catalogue.clock.time(time.starts))}
            </button>
        }
    };
    let providers = move || {
        let catalogue = workspace.catalogue();
        let treats = catalogue.iter().flat_map(|catalogue| &catalogue.staff).filter(|staff| staff.active && staff.role.charts());
        let option = |staff: &domain::catalogue::Staff| {
            let (id, name) = (staff.id, staff.name.clone());
            view! {
                <option value=id.to_string() prop:selected=move || provider.get() == Some(id)>
                    {name}
                </option>
            }
        };
        treats.map(option).collect_view()
    };
    let (provider_id, day_id) = (format!("provider-{key}"), format!("day-{key}"));
    view! {
        <div class="book">
            <p class="soft small" aria-hidden="true">
                "Next free times"
            </p>
            <div class="btn-row" role="group" aria-label="Next free times">
                {move || offered.get().unwrap_or_default().into_iter().map(offer).collect_view()}
                <Show when=move || offered.with(|offered| offered.as_ref().is_none_or(Vec::is_empty))>
                    <p class="soft">"Nothing is free in the four weeks after it is due. Choose another provider or day."</p>
                </Show>
            </div>
            <details class="plan-more">
                <summary>"Another time" <Icon name="down" /></summary>
                <div class="two">
                    <div class="field">
                        <label for=provider_id.clone()>"Provider"</label>
                        <span class="select-box">
                            <select
                                class="select"
                                id=provider_id
                                on:change=move |event| provider.set(event_target_value(&event).parse().ok())
                            >
                                {providers}
                            </select>
                            <Icon name="down" />
                        </span>
                    </div>
                    <div class="field">
                        <label for=day_id.clone()>"Day"</label>
                        <input class="input" id=day_id type="date" bind:value=day />
                    </div>
                </div>
                <div class="picks" role="group" aria-label="Free times on that day">
                    {move || free.get().unwrap_or_default().into_iter().map(quarter).collect_view()}
                    <Show when=move || free.with(|free| free.as_ref().is_none_or(Vec::is_empty))>
                        <p class="soft">"Nothing is free on that day, or the clinic is closed."</p>
                    </Show>
                </div>
            </details>
            <Problem words=problem />
        </div>
    }
}
