//! Two records of one session, row by row.

use super::facts::RecordFacts;
use domain::{catalogue::Catalogue, chart::Chart, record::Record};

/// One thing a record says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The same in every record for the same thing.
    pub key: String,
    pub label: String,
    pub value: String,
}

/// One thing that either of two records says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Versus {
    pub key: String,
    pub label: String,
    pub first: Option<String>,
    pub second: Option<String>,
}

impl Versus {
    pub fn differs(&self) -> bool {
        self.first != self.second
    }
}

/// Everything a record says, in reading order.
pub fn rows(record: &Record, chart: &Chart, catalogue: &Catalogue) -> Vec<Row> {
    let facts = RecordFacts::new(record, chart, catalogue);
    let mut rows = Vec::new();
    for (n, treatment) in facts.treatments.iter().enumerate() {
        // The first treatment is the usual case and needs no number.
        let mark = if n == 0 { String::new() } else { format!(", treatment {}", n + 1) };
        let mut push = |key: &str, label: &str, value: String| {
            rows.push(Row { key: format!("{n}/{key}"), label: format!("{label}{mark}"), value });
        };
        push("device", "Device", treatment.device.clone());
        push("series", "Counts for", treatment.series.clone());
        for reading in &treatment.readings {
            push(&format!("reading/{}", reading.field), &reading.label, reading.with_unit());
        }
        for place in &treatment.places {
            push(&format!("area/{}", place.area), &place.label, place.pulses.clone());
        }
    }
    let mut push = |key: &str, label: &str, value: Option<String>| {
        rows.extend(value.map(|value| Row { key: key.to_owned(), label: label.to_owned(), value }));
    };
    push("despite", "Nevertheless", facts.despite);
    push("response", "Skin response", facts.response);
    push("adverse", "Adverse event", facts.adverse);
    if let Some(note) = facts.note {
        push("note", "Note for next time", Some(format!("“{}”", note.text)));
        push("change", "Suggested change", note.change);
    }
    push("decisions", "Earlier notes", (!facts.decisions.is_empty()).then(|| facts.decisions.join("; ")));
    rows
}

/// Lays two records side by side: every row of either, in order.
pub fn side_by_side(first: &[Row], second: &[Row]) -> Vec<Versus> {
    let value = |rows: &[Row], key: &str| rows.iter().find(|row| row.key == key).map(|row| row.value.clone());
    let mut order: Vec<&Row> = first.iter().collect();
    let mut after = 0;
    for row in second {
        match order.iter().position(|other| other.key == row.key) {
            Some(position) => after = position + 1,
            // What only the second says stands where the second says it.
            None => {
                order.insert(after, row);
                after += 1;
            }
        }
    }
    let versus = |row: &Row| Versus {
        key: row.key.clone(),
        label: row.label.clone(),
        first: value(first, &row.key),
        second: value(second, &row.key),
    };
    order.into_iter().map(versus).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signed_record::sample;
    use domain::{amount::Amount, template::Value};

    #[test]
    fn differences_are_marked_and_nothing_is_left_out() {
        let (chart, catalogue) = (sample::chart(6), sample::catalogue());
        let first = sample::record(&chart, &catalogue, 1, 18);
        let mut second = sample::record(&chart, &catalogue, 1, 20);
        second.treatments[0].enter("pulse", Value::Number(Amount::whole(3)));
        second.treatments[0].areas[0].pulses = Some(42);
        let versus = side_by_side(&rows(&first, &chart, &catalogue), &rows(&second, &chart, &catalogue));
        let told: Vec<_> = versus.iter().map(|row| (row.label.as_str(), row.differs())).collect();
        assert_eq!(told, [("Device", false), ("Counts for", false), ("Fluence", true), ("Pulse width", true), ("Cheek, left", true)]);
        assert_eq!(versus[3].first, None);
        assert_eq!(versus[3].second.as_deref(), Some("3 ms"));
    }

    #[test]
    fn the_same_record_differs_nowhere() {
        let (chart, catalogue) = (sample::chart(6), sample::catalogue());
        let same = rows(&sample::record(&chart, &catalogue, 1, 18), &chart, &catalogue);
        assert!(side_by_side(&same, &same).iter().all(|row| !row.differs()));
    }
}
