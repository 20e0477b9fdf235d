//! Booking a session at a place on the board: for whom, which of theirs, and whether it can be.

use super::{
    address::Holder,
    details::to_book,
    model::{Verdict, book_verdict, in_a_free_room, place, time_in},
    note::Note,
    state::{Calendar, Open, Slot, author, use_calendar},
};
use crate::{
    booking::{Nevertheless, model::due},
    clients::ChooseClient,
    half_typed::HalfTyped,
    icon::Icon,
};
use domain::{
    booking::Time,
    command::Change,
    ids::{AppointmentId, ClientId, SessionId, StaffId},
};
use leptos::{prelude::*, task::spawn_local};

#[component]
pub fn NewBooking(spot: Slot) -> impl IntoView {
    let calendar = use_calendar();
    let workspace = calendar.workspace;
    let minute = RwSignal::new(spot.minute);
    let provider = RwSignal::new(match spot.holder {
        Holder::Provider(id) => Some(id),
        _ => None,
    });
    let client = RwSignal::new(None::<ClientId>);
    let written = move || format!("{:02}:{:02}", minute.get() / 60, minute.get() % 60);
    let pick = move |event| {
        let typed = event_target_value(&event);
        let parts =
            typed.split_once(':').and_then(|(hours, minutes)| Some((hours.parse::<u16>().ok()?, minutes.get(..2)?.parse::<u16>().ok()?)));
        if let Some((hours, minutes)) = parts {
            minute.set((hours * 60 + minutes).min(24 * 60));
        }
    };
    let place = move || {
        workspace.catalogue().map(|catalogue| match spot.holder {
            Holder::Room(room) => catalogue.room(room).map(|room| room.name.clone()).unwrap_or_default(),
            Holder::Device(device) => catalogue.device(device).map(|device| device.model.clone()).unwrap_or_default(),
            Holder::Provider(_) => provider.get().map(|id| catalogue.staff_name(id)).unwrap_or_default(),
            Holder::Without(by) => format!("without a {}", by.one()),
        })
    };
    let option = move |staff: &domain::catalogue::Staff| {
        let (id, name) = (staff.id, staff.name.clone());
        view! {
            <option value=id.to_string() prop:selected=move || provider.get() == Some(id)>
                {name}
            </option>
        }
    };
    let providers = move || workspace.catalogue().map(|catalogue| catalogue.providers().map(option).collect_view());
    view! {
        <p class="num">
            <b>{move || format!("Book here: {}, {}, {}", spot.day.heading(), written(), place().unwrap_or_default())}</b>
        </p>
        <div class="two">
            <div class="field">
                <label for="cal-time">"Time"</label>
                <input class="input" id="cal-time" type="time" step="900" prop:value=written on:change=pick />
            </div>
            <div class="field">
                <label for="cal-provider">"Provider"</label>
                <span class="select-box">
                    <select class="select" id="cal-provider" on:change=move |event| provider.set(event_target_value(&event).parse().ok())>
                        <option value="" prop:selected=move || provider.get().is_none()>
                            "The client’s usual"
                        </option>
                        {providers}
                    </select>
                    <Icon name="down" />
                </span>
            </div>
        </div>
        {move || match client.get() {
            None => view! { <ChooseClient id="cal-find" label="Find a client" chosen=client /> }.into_any(),
            Some(id) => view! { <Sessions id client spot minute provider /> }.into_any(),
        }}
    }
}

#[component]
fn Sessions(
    id: ClientId,
    client: RwSignal<Option<ClientId>>,
    spot: Slot,
    minute: RwSignal<u16>,
    provider: RwSignal<Option<StaffId>>,
) -> impl IntoView {
    let calendar = use_calendar();
    let workspace = calendar.workspace;
    let name = move || workspace.chart(id).map(|chart| chart.client.name.clone());
    let open = Memo::new(move |_| workspace.chart(id).map(|chart| to_book(&chart)).unwrap_or_default());
    view! {
        <p>
            <b>{name}</b>
            " "
            <button class="btn quiet" type="button" on:click=move |_| client.set(None)>
                "Another client"
            </button>
        </p>
        <For each=move || open.get() key=Clone::clone let((session, series))>
            <OneSession client=id session series spot minute provider />
        </For>
        <Show when=move || open.with(Vec::is_empty)>
            <p class="soft">
                "Every session of this client is booked or done. "
                <a href=format!("/clients/{id}")>"Sell a package on the client’s page"</a>
                " first."
            </p>
        </Show>
    }
}

/// The time it would have, and whether it can be.
fn judged(
    calendar: Calendar,
    client: ClientId,
    session: SessionId,
    spot: Slot,
    minute: u16,
    provider: Option<StaffId>,
    appointment: AppointmentId,
) -> Option<(Time, Verdict)> {
    let workspace = calendar.workspace;
    let (chart, catalogue) = workspace.chart(client).zip(workspace.catalogue())?;
    let author = author(workspace)?;
    let due = due(&chart, session, None, &catalogue, calendar.today.get())?;
    let usual = provider.map_or(due, |provider| due.with(provider)).at(author.at);
    let taken = calendar.board.with(|board| board.taken(None));
    // Whose column it is may have been changed in the panel since.
    let holder = match spot.holder {
        Holder::Provider(_) => Holder::Provider(usual.provider),
        other => other,
    };
    let in_room = matches!(holder, Holder::Room(_) | Holder::Without(super::address::By::Room));
    let wanted = time_in(&catalogue, (holder, spot.day), minute, Time { room: None, ..usual }, &taken).and_then(|time| {
        if in_room {
            return Ok(time);
        }
        in_a_free_room(&catalogue, &taken, Time { room: usual.room, ..time })
    });
    Some(match wanted {
        Ok(time) => {
            let verdict = calendar.board.with(|board| book_verdict(&chart, session, time, &board.all, &catalogue, author, appointment));
            (time, verdict)
        }
        Err(words) => (usual, Verdict::Refused(words)),
    })
}

#[component]
fn OneSession(
    client: ClientId,
    session: SessionId,
    series: String,
    spot: Slot,
    minute: RwSignal<u16>,
    provider: RwSignal<Option<StaffId>>,
) -> impl IntoView {
    let calendar = use_calendar();
    let workspace = calendar.workspace;
    let appointment = AppointmentId(workspace.new_id());
    let judged = Memo::new(move |_| judged(calendar, client, session, spot, minute.get(), provider.get(), appointment));
    let busy = RwSignal::new(false);
    let about = format!("book/{session}");
    let book = Callback::new(move |reason: Option<(String, HalfTyped)>| {
        let time = judged.get_untracked().and_then(|(_, verdict)| verdict.time());
        let Some(time) = time.filter(|_| !busy.get_untracked()) else { return };
        busy.set(true);
        let despite = reason.as_ref().map_or_else(String::new, |(typed, _)| typed.clone());
        let change = Change::BookSession { session, appointment, time, procedures: Vec::new(), despite };
        spawn_local(async move {
            let note = match workspace.record(client, change, None).await {
                Ok(_) => {
                    if let Some((typed, kept)) = reason {
                        kept.saved(&typed);
                    }
                    let name = workspace.chart(client).map(|chart| chart.client.name.clone()).unwrap_or_default();
                    calendar.open.try_set(Open::Booking { client, session, appointment });
                    Note::done(format!("{name} is booked: {}.", calendar.place(time, None)))
                }
                Err(error) => Note::refused(format!("It was not booked. {error}")),
            };
            calendar.note.try_set(Some(note));
            busy.try_set(false);
        });
    });
    let nevertheless = Callback::new(move |reason| book.run(Some(reason)));
    let said = move || {
        let (time, verdict) = judged.get()?;
        let catalogue = workspace.catalogue()?;
        Some(match verdict {
            Verdict::Refused(words) => words,
            _ => format!("{}, {} min", place(time, None, &catalogue), time.minutes),
        })
    };
    let refused = move || judged.with(|judged| matches!(judged, Some((_, Verdict::Refused(_))) | None));
    let action = move || match judged.get().map(|(_, verdict)| verdict) {
        Some(Verdict::Free(_)) => view! {
            <button
                class="btn primary"
                type="button"
                aria-disabled=move || busy.get().to_string()
                on:click=move |_| book.run(None)
            >
                "Book it"
            </button>
        }
        .into_any(),
        Some(Verdict::TooSoon { concern, .. }) => {
            let about = about.clone();
            let concerns = Signal::stored(vec![concern]);
            view! { <Nevertheless about concerns words="Book it nevertheless" busy act=nevertheless /> }.into_any()
        }
        _ => ().into_any(),
    };
    view! {
        <div class="cal-offer" role="group" aria-label=series.clone()>
            <b>{series.clone()}</b>
            <p class="num" class:is-refused=refused role="status">
                <Show when=refused>
                    <Icon name="refuse" />
                </Show>
                {said}
            </p>
            {action}
        </div>
    }
}
