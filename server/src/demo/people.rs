//! The people who come.

use super::{dice::Dice, names, story};
use domain::{
    client::{Client, Contact},
    ids::ClientId,
    skin::SkinType,
    time::{Day, Moment},
};

/// Of a hundred clients, how many have each skin type, I to VI.
const SKIN_TYPES: [u32; 6] = [6, 22, 31, 21, 12, 8];

/// What stands under allergies; most have none.
const ALLERGIES: &[&str] = &[
    "Lidocaine cream: mild rash",
    "Penicillin: hives",
    "Latex",
    "Nickel: contact dermatitis",
    "Adhesive tape: redness",
    "Sulfonamides",
    "Aspirin: swelling of the lips",
    "Benzocaine",
    "Chlorhexidine: itching",
    "Bee stings: carries an EpiPen",
    "Fragrance in creams",
    "Hydroquinone: burning",
    "Tree nuts",
    "Ibuprofen: stomach only",
];

/// Chicago and around; the numbers themselves are kept free for fiction.
const AREA_CODES: [&str; 10] = ["312", "773", "872", "708", "847", "630", "224", "331", "464", "779"];

/// A few have not been typed yet.
pub fn skin_type(seed: u64, client: u32) -> Option<SkinType> {
    match story::skin_type(client) {
        Some(told) => Some(told),
        None => {
            let mut dice = Dice::new(seed, "skin", client.into());
            let skin = SkinType::ALL[dice.weighted(SKIN_TYPES.into_iter())];
            (!dice.percent(2)).then_some(skin)
        }
    }
}

/// `since` is when the clinic first wrote them down.
pub fn client(seed: u64, number: u32, today: Day, since: Moment) -> Client {
    let mut dice = Dice::new(seed, "client", number.into());
    let id = ClientId(dice.id(since));
    let awkward = number.checked_sub(2).and_then(|n| names::AWKWARD.get(usize::try_from(n).ok()?));
    let drawn = names::draw(&mut dice);
    let name = awkward.map_or(drawn, |name| (*name).to_owned());
    // The sum of two draws: most are in their thirties and forties.
    let years = 23 + dice.between(0, 24) + dice.between(0, 28);
    let birth_date = today.plus(-years * 365 - dice.between(0, 364));
    let allergies = if dice.percent(18) { *dice.pick(ALLERGIES) } else { "" };
    let contact = Contact {
        version: u32::from(dice.percent(10)),
        phone: format!("({}) 555-01{:02}", dice.pick(&AREA_CODES), dice.below(100)),
        email: if dice.percent(94) { format!("{}{number}@example.com", names::mailbox(&name)) } else { String::new() },
    };
    let client = Client { id, name, birth_date, skin_type: skin_type(seed, number), allergies: allergies.to_owned(), contact };
    story::told(number, client)
}
