//! The words of one message in one language, what can stand in them, and how they read for a client who does not exist.

use super::editor::PolicyEditor;
use crate::{icon::Icon, words::count};
use domain::follow_up::{
    kind::Kind,
    language::{own_name, writes_dates},
    policy::Text,
    sms,
    variable::{Variable, fill, fill_sms},
};
use leptos::{html, prelude::*};

/// Where a variable is put that somebody taps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Sms,
    Subject,
    Body,
}

impl Place {
    fn of(self, text: &Text) -> &String {
        match self {
            Self::Sms => &text.sms,
            Self::Subject => &text.subject,
            Self::Body => &text.body,
        }
    }

    fn of_mut(self, text: &mut Text) -> &mut String {
        match self {
            Self::Sms => &mut text.sms,
            Self::Subject => &mut text.subject,
            Self::Body => &mut text.body,
        }
    }
}

/// The text with `piece` put in at a place counted as browsers count: in UTF-16.
fn insert_at(text: &str, at: usize, piece: &str) -> String {
    let mut units = 0;
    let byte = text.char_indices().find_map(|(byte, c)| {
        let here = units >= at;
        units += c.len_utf16();
        here.then_some(byte)
    });
    let (before, after) = text.split_at(byte.unwrap_or(text.len()));
    format!("{before}{piece}{after}")
}

#[component]
pub fn TextBlock(editor: PolicyEditor, kind: Kind, place: usize, several: Signal<bool>) -> impl IntoView {
    let last = RwSignal::new(Place::Sms);
    let (sms_ref, subject_ref, body_ref) =
        (NodeRef::<html::Textarea>::new(), NodeRef::<html::Input>::new(), NodeRef::<html::Textarea>::new());
    let text = move |of: Place| {
        let look = |draft: &super::draft::Draft| draft.rule(kind)?.texts.get(place).map(|text| of.of(text).clone());
        editor.draft.with(look).unwrap_or_default()
    };
    let change = move |of: Place, typed: String| {
        editor.change(|draft| {
            if let Some(text) = draft.rule_mut(kind).and_then(|rule| rule.texts.get_mut(place)) {
                *of.of_mut(text) = typed;
            }
        });
    };
    let put = move |variable: Variable| {
        let of = last.get_untracked();
        let typed = untrack(|| text(of));
        let at = match of {
            Place::Sms => sms_ref.get_untracked().and_then(|field| field.selection_start().ok().flatten()),
            Place::Subject => subject_ref.get_untracked().and_then(|field| field.selection_start().ok().flatten()),
            Place::Body => body_ref.get_untracked().and_then(|field| field.selection_start().ok().flatten()),
        };
        let at = at.and_then(|at| usize::try_from(at).ok()).unwrap_or(usize::MAX);
        change(of, insert_at(&typed, at, &format!("{{{{{}}}}}", variable.code())));
    };
    let id = |part: &str| format!("{kind}-{place}-{part}");
    let (sms_id, subject_id, body_id, language_id) = (id("sms"), id("subject"), id("body"), id("language"));
    let chips = Variable::ALL.into_iter().filter(|variable| variable.is_allowed(kind)).map(|variable| {
        view! {
            <button class="pick policy-chip" type="button" title=format!("For example: {}", variable.example()) on:click=move |_| put(variable)>
                <Icon name="plus" />
                {variable.label()}
            </button>
        }
    });
    let chips = chips.collect_view();
    let language = Memo::new(move |_| {
        let look = |draft: &super::draft::Draft| draft.rule(kind)?.texts.get(place).map(|text| text.language.trim().to_owned());
        editor.draft.with(look).unwrap_or_default()
    });
    let example = move |variable: Variable| Some(language.with(|language| variable.example_in(language)));
    let filled = move |of: Place| fill(&text(of), example);
    let sms = Memo::new(move |_| language.with(|language| fill_sms(&text(Place::Sms), language, false, example)));
    let agreed = Memo::new(move |_| language.with(|language| fill_sms(&text(Place::Sms), language, true, example)));
    let parts = |sms: Memo<String>| {
        let parts = u32::try_from(sms.with(|sms| sms::parts(sms))).unwrap_or(u32::MAX);
        count(parts, "part", "parts")
    };
    let about = move || match language.with(|language| (own_name(language), writes_dates(language), language.is_empty())) {
        (_, _, true) => "Dates are written as numbers until the language is named.".to_owned(),
        (name, true, _) => format!("Dates are written in {name}."),
        (name, false, _) => {
            format!("In {name}, dates are numbers (2026-12-03), and a line of an SMS that would name the treatment is left out.")
        }
    };
    let set_language = move |typed: String| {
        editor.change(|draft| {
            if let Some(text) = draft.rule_mut(kind).and_then(|rule| rule.texts.get_mut(place)) {
                text.language = typed;
            }
        });
    };
    let remove = move |_| {
        editor.change(|draft| {
            if let Some(rule) = draft.rule_mut(kind).filter(|rule| place < rule.texts.len()) {
                rule.texts.remove(place);
            }
        });
    };
    let language_id = StoredValue::new(language_id);
    view! {
        <div class="policy-text" role="group" aria-label=move || format!("{}, {}", kind.label(), language.get())>
            <Show when=move || several.get()>
                <div class="btn-row">
                    <div class="field policy-language">
                        <label for=language_id.get_value()>"Language, such as en or es-MX"</label>
                        <input
                            class="input"
                            id=language_id.get_value()
                            autocomplete="off"
                            prop:value=move || language.get()
                            on:input:target=move |event| set_language(event.target().value())
                        />
                    </div>
                    <button class="btn quiet" type="button" on:click=remove>
                        <Icon name="trash" />
                        "Remove this language"
                        <span class="vh">": " {kind.label()} ", " {move || language.get()}</span>
                    </button>
                </div>
                <p class="hint">{about}</p>
            </Show>
            <div class="policy-words">
                <div class="policy-typed">
                    <div class="field">
                        <label for=sms_id.clone()>"SMS"</label>
                        <textarea
                            class="textarea"
                            id=sms_id
                            node_ref=sms_ref
                            prop:value=move || text(Place::Sms)
                            on:focus=move |_| last.set(Place::Sms)
                            on:input:target=move |event| change(Place::Sms, event.target().value())
                        ></textarea>
                    </div>
                    <div class="field">
                        <label for=subject_id.clone()>"Subject of the e-mail"</label>
                        <input
                            class="input"
                            id=subject_id
                            autocomplete="off"
                            node_ref=subject_ref
                            prop:value=move || text(Place::Subject)
                            on:focus=move |_| last.set(Place::Subject)
                            on:input:target=move |event| change(Place::Subject, event.target().value())
                        />
                    </div>
                    <div class="field">
                        <label for=body_id.clone()>"E-mail"</label>
                        <textarea
                            class="textarea"
                            id=body_id
                            node_ref=body_ref
                            prop:value=move || text(Place::Body)
                            on:focus=move |_| last.set(Place::Body)
                            on:input:target=move |event| change(Place::Body, event.target().value())
                        ></textarea>
                    </div>
                    <div class="policy-chips" role="group" aria-label="Put in where you typed last">
                        {chips}
                    </div>
                </div>
                <div class="policy-preview">
                    <p class="small soft">"As Maya reads it"</p>
                    <p class="touch-text">{sms}</p>
                    <p class="small soft num">{move || parts(sms)} ", where she has not agreed to details by SMS"</p>
                    <Show when=move || agreed.with(|agreed| sms.with(|sms| sms != agreed))>
                        <p class="touch-text">{agreed}</p>
                        <p class="small soft num">{move || parts(agreed)} ", where she has"</p>
                    </Show>
                    <p>
                        <b>{move || filled(Place::Subject)}</b>
                    </p>
                    <p class="touch-text">{move || filled(Place::Body)}</p>
                </div>
            </div>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_is_put_where_the_browser_says() {
        assert_eq!(insert_at("Hi , you", 3, "{{first_name}}"), "Hi {{first_name}}, you");
        // Two units of the browser are one character here.
        assert_eq!(insert_at("🙂!", 2, "x"), "🙂x!");
        assert_eq!(insert_at("ab", 9, "c"), "abc");
        assert_eq!(insert_at("", 0, "c"), "c");
    }
}
