//! What the clinic sells: a number of sessions at a price, and what each of them consists of.

use crate::ids::{ConsentFormId, PackageId, ProcedureId, TemplateId, ViewSetId};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Package {
    pub id: PackageId,
    pub name: String,
    /// Minor units of the clinic's currency.
    pub price_minor: i64,
    pub sessions: u16,
    /// Days between two sessions.
    pub interval_days: u16,
    /// What one session consists of, in order; at least one.
    pub procedures: Vec<Procedure>,
    /// What has to be signed once for the series, before its first session is.
    pub consents: Vec<ConsentFormId>,
    /// By which views its sessions are photographed.
    pub view_sets: Vec<ViewSetId>,
    /// No longer sold; plans sold before keep their terms.
    pub retired: bool,
    /// Raised at each edit, so that two editors cannot overwrite each other.
    pub version: u32,
}

/// One thing that is done in a session, and booked for it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Procedure {
    pub id: ProcedureId,
    /// `Laser hair removal, legs`.
    pub name: String,
    /// How long it is booked for.
    pub minutes: u16,
    /// With which kind of device it is done; by it rooms' devices are kept, and spacing is told before anything is charted.
    pub template: Option<TemplateId>,
}

/// Ten million in most currencies: beyond it somebody slipped on the keyboard.
pub const HIGHEST_PRICE_MINOR: i64 = 1_000_000_000;
pub const MOST_SESSIONS: u16 = 24;
const LONGEST_INTERVAL_DAYS: u16 = 366;
const LONGEST_PROCEDURE_MINUTES: u16 = 480;
const MOST_PROCEDURES: usize = 8;
const LONGEST_NAME: usize = 200;

impl Package {
    /// What is wrong with it, in words for the person who edits it; empty when it can be saved.
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if self.name.trim().is_empty() || self.name.len() > LONGEST_NAME {
            faults.push("The package needs a name.".to_owned());
        }
        if !(0..=HIGHEST_PRICE_MINOR).contains(&self.price_minor) {
            faults.push("The price cannot be below nothing, nor beyond ten million.".to_owned());
        }
        if !(1..=MOST_SESSIONS).contains(&self.sessions) {
            faults.push(format!("A package has 1 to {MOST_SESSIONS} sessions."));
        }
        if !(1..=LONGEST_INTERVAL_DAYS).contains(&self.interval_days) {
            faults.push(format!("Between two sessions lie 1 to {LONGEST_INTERVAL_DAYS} days."));
        }
        if self.procedures.is_empty() || self.procedures.len() > MOST_PROCEDURES {
            faults.push(format!("A session consists of 1 to {MOST_PROCEDURES} procedures."));
        }
        for procedure in &self.procedures {
            let name = procedure.name.trim();
            if name.is_empty() || name.len() > LONGEST_NAME {
                faults.push("Every procedure needs a name.".to_owned());
            } else if !(5..=LONGEST_PROCEDURE_MINUTES).contains(&procedure.minutes) {
                faults.push(format!("{name} takes 5 to {LONGEST_PROCEDURE_MINUTES} minutes."));
            }
        }
        faults
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn package() -> Package {
        Package {
            id: PackageId(Uuid::nil()),
            name: "Laser hair removal".into(),
            price_minor: 180_000,
            sessions: 6,
            interval_days: 42,
            procedures: vec![Procedure { id: ProcedureId(Uuid::nil()), name: "Legs".into(), minutes: 45, template: None }],
            consents: vec![],
            view_sets: vec![],
            retired: false,
            version: 1,
        }
    }

    #[test]
    fn absurd_terms_are_told() {
        assert!(package().faults().is_empty());
        let faulty = |change: fn(&mut Package)| {
            let mut package = package();
            change(&mut package);
            package.faults().len()
        };
        assert_eq!(faulty(|package| package.price_minor = -1), 1);
        assert_eq!(faulty(|package| package.price_minor = HIGHEST_PRICE_MINOR + 1), 1);
        assert_eq!(faulty(|package| package.sessions = 0), 1);
        assert_eq!(faulty(|package| package.interval_days = 0), 1);
        assert_eq!(faulty(|package| package.procedures.clear()), 1);
        assert_eq!(faulty(|package| package.procedures[0].minutes = 1), 1);
        assert_eq!(faulty(|package| package.procedures[0].name = " ".into()), 1);
        assert_eq!(faulty(|package| package.name = String::new()), 1);
    }
}
