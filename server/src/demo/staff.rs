//! Who works at the demo clinic, and how they sign in.

use super::{dice::Dice, names};
use domain::{
    catalogue::{Role, Staff},
    ids::StaffId,
    time::Moment,
};

/// Everyone's. It stands in the README: the demo clinic holds nobody's data.
pub const PASSWORD: &str = "cadence-demo";

/// A way in for one member of staff.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    pub staff: StaffId,
    /// In lower case.
    pub email: String,
    /// In clear; whoever stores the account hashes it.
    pub password: &'static str,
}

/// The four providers stand first: their positions are used by the told stories.
const NAMED: [(&str, Role, &str); 7] = [
    ("Dr Ama Osei", Role::MedicalDirector, "osei"),
    ("Sofia Lind", Role::Provider, "lind"),
    ("Marcus Bauer", Role::Provider, "bauer"),
    ("Priya Nair", Role::Provider, "nair"),
    ("Jo Park", Role::FrontDesk, "desk"),
    ("Lena Fischer", Role::Coordinator, "fischer"),
    ("Vera Winter", Role::Owner, "owner"),
];

/// The address by which a database is known to hold the demo clinic.
pub const OWNER_EMAIL: &str = "osei@demo.clinic";

/// Sign-ins worth printing, with what each is good for.
pub const SIGN_INS: [(&str, &str); 4] = [
    (OWNER_EMAIL, "Dr Ama Osei: charts, signs, edits devices and templates"),
    ("lind@demo.clinic", "Sofia Lind: charts and signs"),
    ("desk@demo.clinic", "Jo Park: front desk"),
    ("owner@demo.clinic", "Vera Winter: owns the clinic, says who works there"),
];

/// Positions among the providers.
pub const OSEI: usize = 0;
pub const LIND: usize = 1;

/// The seven of the small clinic, and as many further providers as a larger one needs.
pub fn staff(seed: u64, founded: Moment, providers: usize) -> (Vec<Staff>, Vec<Account>) {
    let named = NAMED.iter().map(|(name, role, mailbox)| ((*name).to_owned(), *role, (*mailbox).to_owned()));
    let further = (5..=providers).map(|n| {
        let mut dice = Dice::new(seed, "provider", u64::try_from(n).unwrap_or_default());
        (names::draw(&mut dice), Role::Provider, format!("provider{n}"))
    });
    let members = named.chain(further).map(|(name, role, mailbox)| {
        let id = StaffId(Dice::new(seed, &mailbox, 0).id(founded));
        let account = Account { staff: id, email: format!("{mailbox}@demo.clinic"), password: PASSWORD };
        (Staff { id, name, role, active: true }, account)
    });
    members.unzip()
}
