//! Names of people who do not exist.

use super::dice::Dice;

/// Names that test a layout: long, short, accented. Clients 2 to 5 have them, so that they are always there.
pub const AWKWARD: [&str; 4] = [
    "Anneliese Wilhelmina von Hohenberg-Castellanos",
    "Bo Li",
    "María de los Ángeles Fernández de Córdoba y Ibáñez",
    "Þórdís Jökulsdóttir",
];

/// A first and a last name.
pub fn draw(dice: &mut Dice) -> String {
    let first = FIRST[dice.index(FIRST.len())];
    let last = LAST[dice.index(LAST.len())];
    format!("{first} {last}")
}

/// `andres.muñoz` as a mail address has it: letters of the English alphabet, and points.
pub fn mailbox(name: &str) -> String {
    let mut mailbox = String::with_capacity(name.len());
    for c in name.chars().flat_map(char::to_lowercase) {
        match c {
            'a'..='z' => mailbox.push(c),
            ' ' | '-' if !mailbox.ends_with('.') => mailbox.push('.'),
            _ => mailbox.push_str(plain(c)),
        }
    }
    mailbox
}

fn plain(c: char) -> &'static str {
    match c {
        'á' | 'à' | 'ä' | 'å' | 'ã' => "a",
        'æ' => "ae",
        'ç' => "c",
        'é' | 'è' | 'ë' | 'ê' => "e",
        'í' | 'ı' => "i",
        'ł' => "l",
        'ñ' | 'ń' => "n",
        'ó' | 'ö' | 'ø' | 'ô' => "o",
        'ś' => "s",
        'ú' | 'ü' => "u",
        'ž' => "z",
        'þ' => "th",
        _ => "",
    }
}

#[rustfmt::skip]
const FIRST: &[&str] = &[
    "Maya", "Anna", "Sofia", "Emma", "Olivia", "Ava", "Isabella", "Mia", "Amelia", "Harper", "Evelyn", "Abigail", "Emily", "Ella",
    "Elizabeth", "Camila", "Luna", "Sophia", "Avery", "Layla", "Zoe", "Nora", "Lily", "Eleanor", "Hannah", "Lillian", "Addison", "Aubrey",
    "Ellie", "Stella", "Natalie", "Leah", "Hazel", "Violet", "Aurora", "Savannah", "Audrey", "Brooklyn", "Bella", "Claire", "Skylar",
    "Lucy", "Paisley", "Caroline", "Nova", "Genesis", "Kennedy", "Samantha", "Allison", "Gabriella", "Aaliyah", "Imani", "Nia", "Zainab",
    "Amara", "Chidinma", "Folasade", "Ngozi", "Thandiwe", "Ayesha", "Fatima", "Leila", "Yasmin", "Noor", "Samira", "Priyanka", "Ananya",
    "Deepika", "Kavita", "Lakshmi", "Meera", "Radhika", "Mei", "Xiaoyu", "Jia", "Yuki", "Hana", "Sakura", "Min-ji", "Soo-jin", "Linh",
    "Thuy", "Mai", "Siti", "Dewi", "Malia", "Leilani", "Kailani", "Aiyana", "Winona", "Guadalupe", "Ximena", "Valentina", "Renée", "Zoë",
    "Chloé", "Inés", "Núria", "Begoña", "Łucja", "Małgorzata", "Žofia", "Ágnes", "Åsa", "Søren", "Jürgen", "Björn", "François", "José",
    "Andrés", "Joaquín", "Liam", "Noah", "Oliver", "James", "Elijah", "Mateo", "Theodore", "Henry", "Lucas", "William", "Benjamin",
    "Levi", "Sebastian", "Jack", "Ezra", "Michael", "Daniel", "Leo", "Owen", "Samuel", "Hudson", "Alexander", "Asher", "Luca", "Ethan",
    "Omar", "Hassan", "Tariq", "Kwame", "Kofi", "Emeka", "Jamal", "Darnell", "Rohan", "Arjun", "Vikram", "Kenji", "Hiroshi", "Wei", "Jun",
    "Dmitri", "Nikolai", "Giovanni", "Marco", "Thiago", "Rafael",
];

#[rustfmt::skip]
const LAST: &[&str] = &[
    "Chen", "Weber", "Smith", "Johnson", "Williams", "Brown", "Jones", "Garcia", "Miller", "Davis", "Rodriguez", "Martinez", "Hernandez",
    "Lopez", "Gonzalez", "Wilson", "Anderson", "Thomas", "Taylor", "Moore", "Jackson", "Martin", "Lee", "Perez", "Thompson", "White",
    "Harris", "Sanchez", "Clark", "Ramirez", "Lewis", "Robinson", "Walker", "Young", "Allen", "King", "Wright", "Scott", "Torres",
    "Nguyen", "Hill", "Flores", "Green", "Adams", "Nelson", "Baker", "Hall", "Rivera", "Campbell", "Mitchell", "Carter", "Roberts",
    "Gomez", "Phillips", "Evans", "Turner", "Diaz", "Parker", "Cruz", "Edwards", "Collins", "Reyes", "Stewart", "Morris", "Morales",
    "Murphy", "Cook", "Rogers", "Gutierrez", "Ortiz", "Morgan", "Cooper", "Peterson", "Bailey", "Reed", "Kelly", "Howard", "Ramos", "Kim",
    "Cox", "Ward", "Richardson", "Watson", "Brooks", "Chavez", "Wood", "James", "Bennett", "Gray", "Mendoza", "Ruiz", "Hughes", "Price",
    "Alvarez", "Castillo", "Sanders", "Patel", "Myers", "Long", "Ross", "Foster", "Jimenez", "Kowalski", "Nowak", "Wiśniewski",
    "Zieliński", "Schäfer", "Müller", "Grünwald", "Özdemir", "Yılmaz", "Kaya", "Papadopoulos", "Christodoulou", "Ivanova", "Petrov",
    "Kuznetsova", "Haddad", "Khoury", "Nasser", "Rahman", "Hussain", "Chowdhury", "Banerjee", "Mukherjee", "Iyer", "Krishnamurthy",
    "Venkataraman", "Subramanian", "Sharma", "Gupta", "Singh", "Kaur", "Okafor", "Okonkwo", "Adeyemi", "Mensah", "Boateng", "Diallo",
    "Traoré", "N’Diaye", "Mwangi", "Abebe", "Tesfaye", "Wang", "Li", "Zhang", "Liu", "Huang", "Zhao", "Wu", "Zhou", "Tanaka", "Yamamoto",
    "Watanabe", "Nakamura", "Park", "Choi", "Jeong", "Tran", "Pham", "Hoang", "Vu", "Santos", "Oliveira", "Ferreira", "Gonçalves",
    "Araújo", "Muñoz", "Núñez", "Ibáñez", "Peña", "O’Brien", "O’Sullivan", "MacDonald", "Fitzgerald", "Gallagher", "Lindqvist",
    "Bergström", "Søndergaard", "Kjærgaard", "Ångström", "Virtanen", "Korhonen", "Rossi", "Esposito", "Bianchi", "D’Angelo", "Dubois",
    "Lefèvre", "Moreau", "Béranger", "Vandenberg", "DeJong", "Begay", "Yazzie", "Kealoha", "Kahananui", "Faleolo", "Tuiasosopo",
    "Castellanos-Vega", "Smith-Jones", "Abu-Bakr", "Ben-David",
];
