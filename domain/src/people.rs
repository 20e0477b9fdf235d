//! Who works at the clinic, as its owner sees and edits it.

use crate::{catalogue::Role, ids::StaffId};
use serde::{Deserialize, Serialize};

/// Somebody who works here, or did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    pub id: StaffId,
    /// `Dr Ama Osei`.
    pub name: String,
    pub role: Role,
    /// By which they sign in, in lower case; empty of somebody who never could.
    pub email: String,
    /// Works here; false of somebody who has left and stays as an author.
    pub active: bool,
    /// Raised at each edit, so that two editors cannot overwrite each other.
    pub version: u32,
}

impl Person {
    /// Name and address as they are kept.
    pub fn tidy(self) -> Self {
        Self { name: self.name.split_whitespace().collect::<Vec<_>>().join(" "), email: tidy_email(&self.email), ..self }
    }

    /// What is wrong with it by itself, in words for whoever edits it.
    fn faults_alone(&self) -> Vec<String> {
        const LONGEST_NAME: usize = 200;
        let mut faults = Vec::new();
        if self.name.trim().is_empty() || self.name.len() > LONGEST_NAME {
            faults.push("A person needs a name.".to_owned());
        }
        if !is_email(&self.email) {
            faults.push("A person needs an e-mail address, such as lind@clinic.example.".to_owned());
        }
        faults
    }
}

/// An address as it is kept and compared, however it was typed.
pub fn tidy_email(email: &str) -> String {
    email.trim().to_lowercase()
}

/// Whether a letter could be sent there, as far as its spelling tells.
pub fn is_email(email: &str) -> bool {
    const LONGEST: usize = 254;
    let odd = |c: char| c.is_whitespace() || c.is_control() || "<>,;\"".contains(c);
    let split = email.split_once('@');
    email.len() <= LONGEST
        && !email.contains(odd)
        && split.is_some_and(|(mailbox, host)| !mailbox.is_empty() && !host.is_empty() && !host.contains('@') && !host.starts_with('.'))
}

/// What is against saving `edited` in place of the one with its id among `people`, or beside them; empty when nothing is.
/// `by` is whoever edits.
pub fn faults(people: &[Person], edited: &Person, by: StaffId) -> Vec<String> {
    let mut faults = edited.faults_alone();
    let others = || people.iter().filter(|person| person.id != edited.id);
    if let Some(other) = others().find(|person| !person.email.is_empty() && person.email == edited.email) {
        faults.push(format!("This address is {}’s. Everybody needs one of their own.", other.name));
    }
    let before = people.iter().find(|person| person.id == edited.id);
    if let Some(before) = before.filter(|before| before.id == by) {
        if before.role != edited.role {
            faults.push("Nobody changes their own role. Another owner can.".to_owned());
        }
        if !edited.active {
            faults.push("Nobody leaves by their own hand. Another owner can say that you have left.".to_owned());
        }
    }
    let owns = |person: &Person| person.active && person.role == Role::Owner;
    if !owns(edited) && !others().any(owns) {
        faults.push("Somebody has to own the clinic: make somebody else an owner first.".to_owned());
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    const ROLES: [Role; 5] = [Role::Provider, Role::FrontDesk, Role::Coordinator, Role::MedicalDirector, Role::Owner];

    fn person(n: u128, role: Role) -> Person {
        Person {
            id: StaffId(Uuid::from_u128(n)),
            name: format!("P{n}"),
            role,
            email: format!("p{n}@clinic.example"),
            active: true,
            version: 1,
        }
    }

    fn team() -> Vec<Person> {
        vec![person(1, Role::Owner), person(2, Role::Provider)]
    }

    fn is_refused(people: &[Person], edited: &Person, by: u128, word: &str) -> bool {
        faults(people, edited, StaffId(Uuid::from_u128(by))).iter().any(|fault| fault.contains(word))
    }

    #[test]
    fn somebody_always_owns_the_clinic() {
        let mut two = team();
        two.push(person(3, Role::Owner));
        let left = Person { active: false, ..person(1, Role::Owner) };
        let lesser = Person { role: Role::Provider, ..person(1, Role::Owner) };
        for edited in [&left, &lesser] {
            assert!(is_refused(&team(), edited, 3, "own the clinic"));
            assert_eq!(faults(&two, edited, StaffId(Uuid::from_u128(3))), Vec::<String>::new());
        }
        // One who has left owns nothing.
        two[2].active = false;
        assert!(is_refused(&two, &left, 3, "own the clinic"));
    }

    #[test]
    fn nobody_changes_their_own_role_or_leaves_by_their_own_hand() {
        let mut two = team();
        two.push(person(3, Role::Owner));
        assert!(is_refused(&two, &Person { role: Role::Provider, ..person(1, Role::Owner) }, 1, "own role"));
        assert!(is_refused(&two, &Person { active: false, ..person(1, Role::Owner) }, 1, "own hand"));
        assert!(faults(&two, &Person { name: "New Name".into(), ..person(1, Role::Owner) }, StaffId(Uuid::from_u128(1))).is_empty());
    }

    #[test]
    fn an_address_belongs_to_one_person() {
        assert!(is_refused(&team(), &Person { email: "p1@clinic.example".into(), ..person(2, Role::Provider) }, 1, "P1’s"));
        assert!(is_refused(&team(), &Person { email: "p2@clinic.example".into(), version: 0, ..person(9, Role::Provider) }, 1, "P2’s"));
        // People who never could sign in have none.
        let mut silent = team();
        silent[1].email.clear();
        assert!(faults(&silent, &person(9, Role::Provider), StaffId(Uuid::from_u128(1))).is_empty());
    }

    #[test]
    fn names_and_addresses_are_asked_for() {
        for email in ["", "lind", "@clinic", "lind@", "a b@c", "a@b@c", "a@.b", "lind@clinic.example\n", "<a@b>"] {
            assert!(is_refused(&team(), &Person { email: email.into(), ..person(2, Role::Provider) }, 1, "e-mail"), "{email:?}");
        }
        assert!(is_refused(&team(), &Person { name: " ".into(), ..person(2, Role::Provider) }, 1, "needs a name"));
        let typed = Person { name: "  Sofia   Lind ".into(), email: " Lind@Clinic.Example".into(), ..person(2, Role::Provider) };
        let tidy = typed.tidy();
        assert_eq!((tidy.name.as_str(), tidy.email.as_str()), ("Sofia Lind", "lind@clinic.example"));
    }

    proptest! {
        /// Whatever is tried by whomever: what is let through leaves an owner, and addresses that tell people apart.
        #[test]
        fn no_series_of_edits_leaves_the_clinic_without_an_owner(edits in prop::collection::vec((0..6_u128, 0..5_usize, any::<bool>(), 0..6_u128, 0..6_u128), 1..40)) {
            let mut people = team();
            for (who, role, active, address, by) in edits {
                let edited = Person { active, email: format!("p{address}@clinic.example"), ..person(who, ROLES[role]) };
                if !faults(&people, &edited, StaffId(Uuid::from_u128(by))).is_empty() {
                    continue;
                }
                people.retain(|person| person.id != edited.id);
                people.push(edited);
                prop_assert!(people.iter().any(|person| person.active && person.role == Role::Owner));
                let mut emails: Vec<_> = people.iter().map(|person| &person.email).collect();
                emails.sort();
                emails.dedup();
                prop_assert_eq!(emails.len(), people.len());
            }
        }
    }
}
