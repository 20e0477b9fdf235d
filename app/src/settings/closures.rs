//! The days on which the clinic is closed although its week says otherwise.

use super::{focus::focus_soon, hours_editor::HoursEditor, input::FaultLine};
use crate::{icon::Icon, workspace::use_workspace};
use domain::time::Day;
use leptos::prelude::*;

/// Those to come, those that have passed folded away, and the input that adds one.
#[component]
pub fn Closures(editor: HoursEditor) -> impl IntoView {
    let workspace = use_workspace();
    let split = Memo::new(move |_| {
        let today = workspace.today();
        editor.form.with(|form| form.closures.iter().partition::<Vec<Day>, _>(|day| today.is_none_or(|today| **day >= today)))
    });
    let ahead = move || split.with(|(ahead, _)| ahead.clone());
    let past = move || split.with(|(_, past)| past.iter().rev().copied().collect::<Vec<_>>());
    let add = move |_| {
        editor.add_closure();
        focus_soon("#closure".to_owned());
    };
    let bad = move || editor.closure_fault.with(Option::is_some);
    view! {
        <h3>"Closed on"</h3>
        <Show
            when=move || split.with(|(ahead, _)| !ahead.is_empty())
            fallback=|| view! { <p class="soft">"No closures ahead. Add holidays and other days on which nobody can be booked."</p> }
        >
            <ul class="closures">
                <For each=ahead key=|day| *day let:day>
                    <ClosureLine editor day />
                </For>
            </ul>
        </Show>
        <div class="closure-add">
            <div class="field">
                <label for="closure">"Day"</label>
                <input
                    class="input"
                    id="closure"
                    type="date"
                    aria-invalid=move || bad().then_some("true")
                    aria-describedby=move || bad().then_some("closure-says")
                    bind:value=editor.closure
                />
            </div>
            <button class="btn" type="button" on:click=add>
                <Icon name="plus" />
                "Add the closure"
            </button>
            {move || editor.closure_fault.get().map(|words| view! { <FaultLine id="closure-says" words=words.to_owned() /> })}
        </div>
        <Show when=move || split.with(|(_, past)| !past.is_empty())>
            <details class="plan-more">
                <summary>
                    {move || match split.with(|(_, past)| past.len()) {
                        1 => "1 closure that has passed".to_owned(),
                        count => format!("{count} closures that have passed"),
                    }} <Icon name="down" />
                </summary>
                <ul class="closures">
                    <For each=past key=|day| *day let:day>
                        <ClosureLine editor day />
                    </For>
                </ul>
            </details>
        </Show>
    }
}

#[component]
fn ClosureLine(editor: HoursEditor, day: Day) -> impl IntoView {
    let words = format!("{} {}", day.heading(), day.0.year());
    let remove = move |_| {
        editor.remove_closure(day);
        focus_soon("#closure".to_owned());
    };
    view! {
        <li>
            <span class="num">{words.clone()}</span>
            <button class="icon-btn" type="button" aria-label=format!("Remove {words}") on:click=remove>
                <Icon name="trash" />
            </button>
        </li>
    }
}
