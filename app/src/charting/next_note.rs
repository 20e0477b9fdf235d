//! What the next provider should know, and a change of settings that one tap will apply.

use super::{Charting, use_charting};
use crate::icon::Icon;
use domain::{
    amount::Amount,
    note::{NoteForNext, SuggestedChange},
    template::Field,
};
use leptos::prelude::*;

#[component]
pub fn NextNote() -> impl IntoView {
    let charting = use_charting();
    let text = move || charting.record.with(|record| record.note.as_ref().map_or_else(String::new, |note| note.text.clone()));
    let write = move |event| {
        let text = event_target_value(&event);
        edit_note(charting, |note| note.text = text);
    };
    let has_change = Memo::new(move |_| charting.record.with(|record| record.note.as_ref().is_some_and(|note| note.change.is_some())));
    let fields = Memo::new(move |_| number_fields(charting));
    let offer = move |_| {
        let Some(field) = fields.with(|fields| fields.first().cloned()) else { return };
        let by = field.number().map_or(Amount::whole(1), |number| number.step);
        edit_note(charting, |note| note.change = Some(SuggestedChange { areas: Vec::new(), field: field.key, by }));
        suggest_words(charting);
    };
    view! {
        <section class="sec" id="next" aria-labelledby="next-h">
            <div class="sec-head">
                <h2 id="next-h">"Note for next time"</h2>
            </div>
            <div class="next-note card">
                <div class="field">
                    <label class="vh" for="next-text">
                        "Note for next time"
                    </label>
                    <textarea class="textarea" id="next-text" placeholder="What the next provider should know" prop:value=text on:input=write></textarea>
                </div>
                <Show
                    when=move || has_change.get()
                    fallback=move || {
                        view! {
                            <Show when=move || !fields.with(Vec::is_empty)>
                                <button class="btn quiet" type="button" on:click=offer>
                                    <Icon name="plus" />
                                    "Offer a change of settings"
                                </button>
                            </Show>
                        }
                    }
                >
                    <ChangeForm fields />
                </Show>
            </div>
        </section>
    }
}

/// Changes the note; one with neither text nor change is no note.
fn edit_note(charting: Charting, change: impl FnOnce(&mut NoteForNext)) {
    charting.edit(|record| {
        let mut note = record.note.take().unwrap_or(NoteForNext { text: String::new(), change: None });
        change(&mut note);
        record.note = (!note.text.trim().is_empty() || note.change.is_some()).then_some(note);
    });
}

/// Number fields of the treatment that is shown.
fn number_fields(charting: Charting) -> Vec<Field> {
    let template = charting.treatment().and_then(|treatment| charting.template(&treatment));
    template.map(|template| template.fields.into_iter().filter(|field| field.number().is_some()).collect()).unwrap_or_default()
}

/// Words for the change, where nobody has written any: `Raise fluence by 2 J/cm².`
fn suggest_words(charting: Charting) {
    let fields = untrack(|| number_fields(charting));
    edit_note(charting, |note| {
        let Some(change) = &note.change else { return };
        let Some(field) = fields.iter().find(|field| field.key == change.field) else { return };
        let is_ours = ["Raise ", "Lower "].iter().any(|verb| note.text.starts_with(verb)) && note.text.ends_with('.');
        if note.text.trim().is_empty() || is_ours {
            let verb = if change.by < Amount(0) { "Lower" } else { "Raise" };
            let amount = field.unit().with(Amount(change.by.0.abs()));
            let areas = domain::area::summary(&change.areas);
            let place = if areas.is_empty() { String::new() } else { format!(" on {}", areas.to_lowercase()) };
            note.text = format!("{verb} {} by {amount}{place}.", field.label.to_lowercase());
        }
    });
}

#[component]
fn ChangeForm(fields: Memo<Vec<Field>>) -> impl IntoView {
    let charting = use_charting();
    let change = Memo::new(move |_| charting.record.with(|record| record.note.as_ref().and_then(|note| note.change.clone())));
    let edit = move |apply: &dyn Fn(&mut SuggestedChange)| {
        edit_note(charting, |note| {
            if let Some(change) = &mut note.change {
                apply(change);
            }
        });
        suggest_words(charting);
    };
    let field =
        move || fields.with(|fields| fields.iter().find(|field| change.get().is_some_and(|change| change.field == field.key)).cloned());
    let raises = move || change.get().is_some_and(|change| change.by >= Amount(0));
    let areas = Memo::new(move |_| charting.treatment().map(|treatment| treatment.areas).unwrap_or_default());
    let all_areas = move || change.get().is_none_or(|change| change.areas.is_empty());
    let choose_areas = move |event| {
        let only = event_target_value(&event) == "these";
        let these: Vec<_> = areas.get_untracked().into_iter().map(|treated| treated.area).collect();
        edit(&|change| change.areas = if only { these.clone() } else { Vec::new() });
    };
    let choose_field = move |event| {
        let key = event_target_value(&event);
        edit(&|change| change.field.clone_from(&key));
    };
    let enter_by = move |event| {
        let decimals = field().and_then(|field| field.number().map(|number| number.decimals)).unwrap_or(3);
        if let Ok(amount) = Amount::parse(&event_target_value(&event), decimals) {
            let sign = if raises() { 1 } else { -1 };
            edit(&|change| change.by = Amount(amount.0.abs() * sign));
        }
    };
    let sign = move |raise: bool| move |_| edit(&|change| change.by = Amount(change.by.0.abs() * if raise { 1 } else { -1 }));
    let options = move || {
        let chosen = change.get().map(|change| change.field);
        let option = |field: Field| {
            let selected = Some(&field.key) == chosen.as_ref();
            view! {
                <option value=field.key selected=selected>
                    {field.label}
                </option>
            }
        };
        fields.get().into_iter().map(option).collect_view()
    };
    let these = move || domain::area::summary(areas.get().iter().map(|treated| &treated.area));
    let by = move || change.get().map_or_else(String::new, |change| Amount(change.by.0.abs()).to_string());
    view! {
        <div class="change-form" role="group" aria-label="A change to offer next time">
            <div class="field">
                <label for="change-areas">"Area"</label>
                <span class="select-box">
                    <select class="select" id="change-areas" on:change=choose_areas>
                        <option value="all" selected=all_areas>
                            "All areas"
                        </option>
                        <option value="these" selected=move || !all_areas()>
                            {these}
                        </option>
                    </select>
                    <Icon name="down" />
                </span>
            </div>
            <div class="field">
                <label for="change-field">"Reading"</label>
                <span class="select-box">
                    <select class="select" id="change-field" on:change=choose_field>
                        {options}
                    </select>
                    <Icon name="down" />
                </span>
            </div>
            <div class="field">
                <span class="label">"Raise or lower"</span>
                <fieldset class="seg">
                    <legend class="vh">"Raise or lower"</legend>
                    <label>
                        <input type="radio" name="change-sign" prop:checked=raises on:change=sign(true) />
                        <span>
                            <Icon name="plus" />
                            <span class="vh">"Raise"</span>
                        </span>
                    </label>
                    <label>
                        <input type="radio" name="change-sign" prop:checked=move || !raises() on:change=sign(false) />
                        <span>
                            <Icon name="minus" />
                            <span class="vh">"Lower"</span>
                        </span>
                    </label>
                </fieldset>
            </div>
            <div class="field">
                <label for="change-by">"By " {move || field().map(|field| field.unit().symbol())}</label>
                <input class="input" id="change-by" inputmode="decimal" autocomplete="off" size="4" prop:value=by on:change=enter_by />
            </div>
        </div>
        <div class="btn-row">
            <button class="btn quiet" type="button" on:click=move |_| edit_note(charting, |note| note.change = None)>
                <Icon name="trash" />
                "Remove the change"
            </button>
        </div>
    }
}
