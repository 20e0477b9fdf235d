//! What keeps a session from being signed.

use domain::{
    catalogue::Catalogue,
    chart::Chart,
    consent::Why,
    ids::{ConsentFormId, PlanId},
};

/// A form a series asks for and nobody has signed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Missing {
    pub form: ConsentFormId,
    pub plan: PlanId,
    /// What the form is called.
    pub name: String,
}

impl Missing {
    pub fn words(&self) -> String {
        format!("Consent “{}” is not signed", self.name)
    }
}

/// What these series lack, each form of each series once.
pub fn missing(chart: &Chart, catalogue: &Catalogue, plans: impl IntoIterator<Item = PlanId>) -> Vec<Missing> {
    let mut all: Vec<Missing> = Vec::new();
    for plan in plans {
        for asked in chart.asked(plan, catalogue).into_iter().filter(|asked| asked.why == Why::Missing) {
            let name = catalogue.consent_form(asked.form).map_or_else(String::new, |form| form.name.clone());
            let missing = Missing { form: asked.form, plan, name };
            if !all.contains(&missing) {
                all.push(missing);
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{consent::example, signed_record::sample};

    #[test]
    fn a_form_is_missing_until_it_is_signed_and_told_once() {
        let catalogue = example::catalogue(1);
        let chart = sample::chart(2);
        let told = missing(&chart, &catalogue, [sample::PLAN, sample::PLAN]);
        assert_eq!(told.iter().map(Missing::words).collect::<Vec<_>>(), ["Consent “Laser and light treatment” is not signed"]);
        assert!(missing(&example::signed(&chart, &catalogue, 1), &catalogue, [sample::PLAN]).is_empty());
    }
}
