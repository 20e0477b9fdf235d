//! What is still to be signed before a visit: the whole text, her name, and her signature.

use super::{
    consent_address,
    frame::{Frame, Note},
};
use crate::{consent::asked, page_script::PageScript};
use domain::{
    catalogue::Catalogue,
    chart::Chart,
    consent::{ELEMENTS, INK_HEIGHT, INK_WIDTH},
    ids::{ConsentFormId, PlanId},
};
use leptos::prelude::*;

/// A form as it lies before her.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToSign {
    pub clinic: String,
    pub plan: PlanId,
    pub form: ConsentFormId,
    pub version: u32,
    pub name: String,
    /// `Laser hair removal, sold 5 Nov 2026`
    pub series: String,
    /// Each of the six elements with its text.
    pub sections: Vec<(&'static str, String)>,
    /// As the clinic has it, and as she types it.
    pub client: String,
}

/// Why nothing is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignProblem {
    /// Another name, or none.
    Name,
    NoInk,
    /// Published anew while she read, or signed elsewhere.
    Changed,
}

impl SignProblem {
    fn words(self, client: &str) -> String {
        match self {
            Self::Name => {
                format!("Please type your name as the clinic has it: {client}. Whoever signs for somebody else does so at the clinic.")
            }
            Self::NoInk => {
                "Please draw your signature, too. If there is no field to draw in, sign on the clinic’s iPad when you come.".to_owned()
            }
            Self::Changed => "The clinic has changed this text meanwhile. Please read it again before you sign.".to_owned(),
        }
    }
}

/// `None`: it is not asked of her, or not any more.
pub fn to_sign(chart: &Chart, catalogue: &Catalogue, plan: PlanId, form: ConsentFormId) -> Option<ToSign> {
    let line = asked(chart, catalogue).into_iter().find(|line| (line.plan, line.form) == (plan, form))?;
    let version = catalogue.consent_form(form)?.version(line.version)?;
    Some(ToSign {
        clinic: catalogue.name.clone(),
        plan,
        form,
        version: line.version,
        name: line.name,
        series: line.series,
        sections: ELEMENTS.into_iter().zip(version.elements.clone()).collect(),
        client: chart.client.name.clone(),
    })
}

/// Whether that is the client's own name, however it is spaced and whatever its capitals.
pub fn is_own_name(client: &str, typed: &str) -> bool {
    let plain = |name: &str| name.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>();
    plain(client) == plain(typed)
}

#[component]
pub fn ConsentPage(sheet: ToSign, problem: Option<SignProblem>) -> impl IntoView {
    let ToSign { clinic, plan, form, version, name, series, sections, client } = sheet;
    let section = |(label, text): (&'static str, String)| {
        view! {
            <h3>{label}</h3>
            {text.lines().filter(|line| !line.trim().is_empty()).map(|line| view! { <p>{line.to_owned()}</p> }).collect_view()}
        }
    };
    view! {
        <Frame clinic back=true>
            <h1>{name}</h1>
            <p class="soft">{series}</p>
            {problem.map(|problem| view! { <Note warns=true>{problem.words(&client)}</Note> })}
            <section class="card">{sections.into_iter().map(section).collect_view()}</section>
            <form method="post" action=consent_address(plan, form) class="card">
                <p>"Is anything unclear? Ask the clinic first; there is no hurry."</p>
                <input type="hidden" name="version" value=version.to_string() />
                <label for="name">"Your name"</label>
                <input id="name" name="name" type="text" autocomplete="name" maxlength="200" required />
                <input type="hidden" name="ink" value="" id="ink" />
                <div class="pad" id="pad" hidden data-width=INK_WIDTH.to_string() data-height=INK_HEIGHT.to_string()>
                    <p>"Your signature, drawn with a finger"</p>
                    <canvas aria-label="Field to sign in" role="img"></canvas>
                    <button type="button" class="quiet">
                        "Begin again"
                    </button>
                </div>
                <noscript>
                    <p class="note">"To draw a signature, this page needs scripts. You can also sign on the clinic’s iPad when you come."</p>
                </noscript>
                <button class="main" type="submit">
                    "Sign"
                </button>
            </form>
            <PageScript src="/ink.js" />
        </Frame>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_ones_own_however_it_is_typed() {
        assert!(is_own_name("Maya Chen", " maya  CHEN "));
        assert!(!is_own_name("Maya Chen", "Maya"));
        assert!(!is_own_name("Maya Chen", ""));
    }
}
