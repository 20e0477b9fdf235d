//! Everyone by name, with what they are found by.

use super::fold::fold;
use domain::{chart::Chart, client::Client, ids::ClientId, time::Day};
use std::sync::Arc;

/// One client, as far as the list needs them to be sorted and found. What else a row shows is read when
/// the row is on the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub id: ClientId,
    /// Family name first, folded; the list's order.
    sort: String,
    /// The words of the name, folded, each with a space before it.
    pub words: String,
    pub born: Day,
    /// The phone number's digits.
    pub digits: String,
}

/// `Chen, Maya`: as it stands in a list.
pub fn listed_name(client: &Client) -> String {
    let (given, family) = split(&client.name);
    if given.is_empty() { family.to_owned() } else { format!("{family}, {given}") }
}

/// Given names and family name. `von`, `de la` and the like belong to the family.
fn split(name: &str) -> (&str, &str) {
    let name = name.trim();
    let starts = |word: &str| word.as_ptr() as usize - name.as_ptr() as usize;
    let words: Vec<_> = name.split_whitespace().collect();
    let Some(last) = words.last() else { return ("", name) };
    let particle = words.iter().skip(1).find(|word| word.starts_with(char::is_lowercase));
    let at = starts(particle.unwrap_or(last));
    (name[..at].trim_end(), &name[at..])
}

/// Sorted by the family's own name: `von Hohenberg` stands under H.
fn sort_key(name: &str) -> String {
    let (given, family) = split(name);
    let own = family.split_whitespace().find(|word| !word.starts_with(char::is_lowercase));
    let own = own.map_or(family, |own| &family[own.as_ptr() as usize - family.as_ptr() as usize..]);
    format!("{}\u{1}{}", fold(own), fold(given))
}

fn entry(client: &Client) -> Entry {
    let mut words = String::new();
    for word in fold(&client.name).split(|c: char| c.is_whitespace() || c == '-').filter(|word| !word.is_empty()) {
        words.push(' ');
        words.push_str(word);
    }
    Entry {
        id: client.id,
        sort: sort_key(&client.name),
        words,
        born: client.birth_date,
        digits: client.contact.phone.chars().filter(char::is_ascii_digit).collect(),
    }
}

/// Everyone, by family name.
pub fn index<'a>(charts: impl Iterator<Item = &'a Arc<Chart>>) -> Vec<Entry> {
    let mut entries: Vec<_> = charts.map(|chart| entry(&chart.client)).collect();
    entries.sort_unstable_by(|a, b| (&a.sort, a.born, a.id).cmp(&(&b.sort, b.born, b.id)));
    entries
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signed_record::sample;

    #[test]
    fn everyone_stands_under_their_family_name() {
        let names = ["Tom Okafor", "Maximiliana-Alexandra von Hohenberg-Sonderburg", "Maya Chen", "Åsa Ek", "Cher"];
        let charts: Vec<_> = (1..).zip(names).map(|(id, name)| Arc::new(Chart::new(sample::client(id, name)))).collect();
        let listed: Vec<_> = index(charts.iter())
            .into_iter()
            .filter_map(|entry| charts.iter().find(|chart| chart.client.id == entry.id).map(|chart| listed_name(&chart.client)))
            .collect();
        assert_eq!(listed, ["Chen, Maya", "Cher", "Ek, Åsa", "von Hohenberg-Sonderburg, Maximiliana-Alexandra", "Okafor, Tom"]);
        assert_eq!(listed_name(&sample::client(1, "")), "");
    }
}
