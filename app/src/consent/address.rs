//! Where a form is signed, and where one goes on afterwards.

use domain::ids::{ClientId, ConsentFormId, PlanId};

/// The page on which a form is signed. `back` is the path of the page that asked for it.
pub fn sign_address(client: ClientId, form: ConsentFormId, plan: Option<PlanId>, back: &str) -> String {
    let plan = plan.map_or_else(String::new, |plan| format!("plan={plan}&"));
    format!("/clients/{client}/consent/{form}?{plan}back={}", escaped(back))
}

/// What has a meaning of its own in a query.
fn escaped(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut escaped, c| {
        match c {
            '%' => escaped.push_str("%25"),
            '&' => escaped.push_str("%26"),
            '+' => escaped.push_str("%2B"),
            '#' => escaped.push_str("%23"),
            '?' => escaped.push_str("%3F"),
            '=' => escaped.push_str("%3D"),
            c => escaped.push(c),
        }
        escaped
    })
}

/// Where to go back to: a path of this app and nothing else, otherwise the client's page.
pub fn way_back(asked: Option<String>, client: Option<ClientId>) -> String {
    let own = |path: &String| path.starts_with('/') && !path.starts_with("//") && !path.contains(['\\', ':']);
    let home = || client.map_or_else(|| "/".to_owned(), |client| format!("/clients/{client}"));
    asked.filter(own).unwrap_or_else(home)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signed_record::sample;
    use uuid::Uuid;

    #[test]
    fn the_way_there_and_back() {
        let form = ConsentFormId(Uuid::from_u128(1));
        let address = sign_address(sample::CLIENT, form, Some(sample::PLAN), "/attention?item=aside-1");
        assert!(address.ends_with(&format!("?plan={}&back=/attention%3Fitem%3Daside-1", sample::PLAN)), "{address}");
        assert_eq!(way_back(Some("/attention?item=1".into()), None), "/attention?item=1");
        let home = format!("/clients/{}", sample::CLIENT);
        for astray in ["//elsewhere.example", "https://elsewhere.example", "javascript:alert(1)", "/\\elsewhere.example", ""] {
            assert_eq!(way_back(Some(astray.into()), Some(sample::CLIENT)), home);
        }
    }
}
