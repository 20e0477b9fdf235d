//! Opening hours as they are typed: every time is still text. Knows nothing of signals or pages.

use domain::{
    hours::{Open, OpeningHours, StaffHours, Week},
    ids::StaffId,
    time::Day,
};

pub const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// Whose hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    Clinic,
    Staff(StaffId),
}

/// All hours being edited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HoursForm {
    pub clinic: WeekForm,
    /// Ascending, none twice.
    pub closures: Vec<Day>,
    /// Those who were given hours of their own, now or before.
    staff: Vec<StaffForm>,
}

/// One person's hours. The week is kept while they work as the clinic does, so that trying either loses nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
struct StaffForm {
    staff: StaffId,
    own: bool,
    week: WeekForm,
}

/// Monday first.
pub type WeekForm = [DayForm; 7];

/// One day being edited. The times are kept while it is closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayForm {
    pub open: bool,
    /// Between two of them is a break.
    pub spans: Vec<SpanForm>,
}

/// From–to as the browser's time inputs give it: `09:00`, or nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SpanForm {
    pub from: String,
    pub to: String,
}

const MIDNIGHT: u16 = 24 * 60;
const NOON: u16 = 12 * 60;

impl SpanForm {
    fn of(span: Open) -> Self {
        Self { from: text(span.from), to: text(span.to) }
    }

    fn read(&self) -> Option<Open> {
        // At the end of a span, 00:00 is the midnight after it.
        let to = minutes(&self.to)?;
        Some(Open { from: minutes(&self.from)?, to: if to == 0 { MIDNIGHT } else { to } })
    }
}

impl DayForm {
    fn of(spans: &[Open]) -> Self {
        // What a day that is opened begins with.
        let usual = [Open { from: 9 * 60, to: 17 * 60 }];
        let shown = if spans.is_empty() { &usual } else { spans };
        Self { open: !spans.is_empty(), spans: shown.iter().copied().map(SpanForm::of).collect() }
    }

    /// The spans of an open day in their order, those that touch joined; what is wrong otherwise.
    fn read(&self) -> Result<Vec<Open>, Vec<String>> {
        if !self.open {
            return Ok(Vec::new());
        }
        let spans: Option<Vec<_>> = self.spans.iter().map(SpanForm::read).collect();
        let mut spans = spans.ok_or_else(|| vec!["Enter both times, from and to.".to_owned()])?;
        spans.sort();
        let mut hours = OpeningHours::default();
        hours.week[0].clone_from(&spans);
        let faults = hours.faults();
        if !faults.is_empty() {
            return Err(faults);
        }
        // A booking may not reach from one span into the next; where there is no break, there is one span.
        spans.dedup_by(|next, before| {
            let touches = before.to == next.from;
            if touches {
                before.to = next.to;
            }
            touches
        });
        Ok(spans)
    }

    /// What is wrong with it, in words for the person who edits it.
    pub fn faults(&self) -> Vec<String> {
        self.read().err().unwrap_or_default()
    }

    /// Adds a break to the last span: at noon when that lies within, else in its middle.
    pub fn add_break(&mut self) {
        let added = match self.spans.last().and_then(SpanForm::read) {
            Some(span) if span.from < NOON && NOON + 60 < span.to => Some((span, NOON, NOON + 60)),
            Some(span) if span.to >= span.from + 120 => {
                let middle = (span.from + span.to) / 2 / 15 * 15;
                Some((span, middle, middle + 30))
            }
            _ => None,
        };
        let Some((span, begins, ends)) = added else { return self.spans.push(SpanForm::default()) };
        if let Some(last) = self.spans.last_mut() {
            last.to = text(begins);
        }
        self.spans.push(SpanForm { from: text(ends), to: text(span.to) });
    }

    /// Takes away the break before that span: the two become one.
    pub fn remove_break(&mut self, before: usize) {
        if before > 0 && before < self.spans.len() {
            let after = self.spans.remove(before);
            self.spans[before - 1].to = after.to;
        }
    }
}

impl HoursForm {
    pub fn of(hours: &OpeningHours) -> Self {
        let mut closures = hours.closures.clone();
        closures.sort_unstable();
        closures.dedup();
        let staff = hours.staff.iter().map(|own| StaffForm { staff: own.staff, own: true, week: week_form(&own.week) });
        Self { clinic: week_form(&hours.week), closures, staff: staff.collect() }
    }

    /// Whether somebody has hours of their own.
    pub fn has_own(&self, staff: StaffId) -> bool {
        self.staff.iter().any(|own| own.staff == staff && own.own)
    }

    /// Gives somebody hours of their own, which begin as the clinic's; or takes them back.
    pub fn set_own(&mut self, staff: StaffId, own: bool) {
        match self.staff.iter_mut().find(|form| form.staff == staff) {
            Some(form) => form.own = own,
            None => self.staff.push(StaffForm { staff, own, week: self.clinic.clone() }),
        }
    }

    pub fn week(&self, whose: Whose) -> &WeekForm {
        match whose {
            Whose::Clinic => &self.clinic,
            Whose::Staff(staff) => self.staff.iter().find(|form| form.staff == staff).map_or(&self.clinic, |form| &form.week),
        }
    }

    pub fn week_mut(&mut self, whose: Whose) -> Option<&mut WeekForm> {
        match whose {
            Whose::Clinic => Some(&mut self.clinic),
            Whose::Staff(staff) => self.staff.iter_mut().find(|form| form.staff == staff).map(|form| &mut form.week),
        }
    }

    /// Gives all open days the hours of the first one.
    pub fn copy_first_day(&mut self, whose: Whose) {
        let mut open = self.week_mut(whose).into_iter().flatten().filter(|day| day.open);
        if let Some(first) = open.next() {
            open.for_each(|day| day.spans.clone_from(&first.spans));
        }
    }

    /// `false` when that day is there already.
    pub fn add_closure(&mut self, day: Day) -> bool {
        match self.closures.binary_search(&day) {
            Ok(_) => false,
            Err(place) => {
                self.closures.insert(place, day);
                true
            }
        }
    }

    /// Whether somebody's hours, or the clinic's and its closures, are other ones in `other`. What is typed on a closed day,
    /// or for somebody without hours of their own, is no difference.
    pub fn differs(&self, whose: Whose, other: &Self) -> bool {
        let times = |week: &WeekForm| week.clone().map(|day| day.open.then_some(day.spans));
        match whose {
            Whose::Clinic => self.closures != other.closures || times(&self.clinic) != times(&other.clinic),
            Whose::Staff(staff) => {
                let own = |form: &Self| form.has_own(staff).then(|| times(form.week(whose)));
                own(self) != own(other)
            }
        }
    }

    /// Whether anything differs.
    pub fn differs_at_all(&self, other: &Self) -> bool {
        let staff = self.staff.iter().chain(&other.staff).map(|form| Whose::Staff(form.staff));
        std::iter::once(Whose::Clinic).chain(staff).any(|whose| self.differs(whose, other))
    }

    /// The hours that were typed, in the order in which the clinic's record keeps them; or what is wrong with them.
    pub fn read(&self, name: impl Fn(StaffId) -> String) -> Result<OpeningHours, Vec<String>> {
        let mut faults = Vec::new();
        let mut read_week = |week: &WeekForm, who: Option<String>| {
            let mut read = Week::default();
            for ((spans, day), weekday) in read.iter_mut().zip(week).zip(WEEKDAYS) {
                match day.read() {
                    Ok(open) => *spans = open,
                    Err(words) => {
                        let place = who.as_ref().map_or_else(|| weekday.to_owned(), |who| format!("{who}, {weekday}"));
                        faults.extend(words.into_iter().map(|words| format!("{place}: {words}")));
                    }
                }
            }
            read
        };
        let week = read_week(&self.clinic, None);
        let own = self.staff.iter().filter(|form| form.own);
        let mut staff: Vec<_> =
            own.map(|form| StaffHours { staff: form.staff, week: read_week(&form.week, Some(name(form.staff))) }).collect();
        staff.sort_by_key(|own| own.staff);
        let hours = OpeningHours { week, closures: self.closures.clone(), staff };
        if faults.is_empty() {
            faults = hours.faults();
        }
        if faults.is_empty() { Ok(hours) } else { Err(faults) }
    }
}

fn week_form(week: &Week) -> WeekForm {
    std::array::from_fn(|day| DayForm::of(&week[day]))
}

/// `09:00`; midnight is `00:00` at either end of a day.
fn text(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60 % 24, minute % 60)
}

/// Minutes after midnight. Browsers may add seconds.
fn minutes(text: &str) -> Option<u16> {
    let mut parts = text.split(':');
    let mut number = |limit: u16| parts.next()?.parse::<u16>().ok().filter(|number| *number < limit);
    let (hours, minutes) = (number(24)?, number(60)?);
    Some(hours * 60 + minutes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    const OSEI: StaffId = StaffId(Uuid::from_u128(2));
    const LIND: StaffId = StaffId(Uuid::from_u128(1));

    fn hours() -> OpeningHours {
        let day = || vec![Open { from: 540, to: 720 }, Open { from: 780, to: MIDNIGHT }];
        let mut hours = OpeningHours { week: std::array::from_fn(|_| day()), ..OpeningHours::default() };
        hours.week[6].clear();
        hours.closures = vec!["2026-12-25".parse().unwrap()];
        hours.staff = vec![StaffHours { staff: LIND, week: Week::default() }, StaffHours { staff: OSEI, week: hours.week.clone() }];
        hours
    }

    fn read(form: &HoursForm) -> Result<OpeningHours, Vec<String>> {
        form.read(|_| "A. Osei".to_owned())
    }

    #[test]
    fn what_is_saved_is_read_as_it_was() {
        for hours in [hours(), OpeningHours::default()] {
            assert_eq!(read(&HoursForm::of(&hours)), Ok(hours));
        }
        assert_eq!(
            (text(545), text(MIDNIGHT), minutes("09:05"), minutes("09:05:00")),
            ("09:05".into(), "00:00".into(), Some(545), Some(545))
        );
        for nonsense in ["", "9", "24:00", "09:60", "-1:00"] {
            assert_eq!(minutes(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn a_day_that_is_closed_keeps_its_times_and_loses_its_hours() {
        let saved = HoursForm::of(&hours());
        let mut form = saved.clone();
        form.clinic[0].open = false;
        assert!(form.differs(Whose::Clinic, &saved) && !form.differs(Whose::Staff(OSEI), &saved));
        assert!(read(&form).unwrap().week[0].is_empty());
        form.clinic[0].open = true;
        assert!(!form.differs_at_all(&saved));
        // A Sunday that is opened begins with usual hours.
        form.clinic[6].open = true;
        assert_eq!(read(&form).unwrap().week[6], [Open { from: 540, to: 1020 }]);
        form.copy_first_day(Whose::Clinic);
        assert_eq!(form.clinic[6].spans, form.clinic[0].spans);
        // What is closed is no example.
        form.clinic[0].open = false;
        form.clinic[1].add_break();
        form.copy_first_day(Whose::Clinic);
        assert_eq!(form.clinic[6].spans, form.clinic[1].spans);
        assert_ne!(form.clinic[0].spans, form.clinic[1].spans);
    }

    #[test]
    fn breaks_come_and_go() {
        let mut day = DayForm::of(&[Open { from: 480, to: 1080 }]);
        day.add_break();
        assert_eq!(day.read(), Ok(vec![Open { from: 480, to: 720 }, Open { from: 780, to: 1080 }]));
        day.add_break();
        assert_eq!(day.spans[1..], [SpanForm::of(Open { from: 780, to: 930 }), SpanForm::of(Open { from: 960, to: 1080 })]);
        day.remove_break(1);
        assert_eq!(day.read(), Ok(vec![Open { from: 480, to: 930 }, Open { from: 960, to: 1080 }]));
        day.remove_break(0);
        day.remove_break(9);
        day.spans[1].from = day.spans[0].to.clone();
        assert_eq!(day.read(), Ok(vec![Open { from: 480, to: 1080 }]));
        // Too short to be divided: what follows is for the person to say.
        let mut short = DayForm::of(&[Open { from: 480, to: 540 }]);
        short.add_break();
        assert_eq!(short.faults(), ["Enter both times, from and to."]);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_day() {
        let mut form = HoursForm::of(&hours());
        form.clinic[0].spans[0].to = "14:00".into();
        form.week_mut(Whose::Staff(OSEI)).unwrap()[1].spans[0].from.clear();
        let faults = read(&form).unwrap_err();
        assert!(faults[0].starts_with("Monday: Two spans"), "{faults:?}");
        assert_eq!(faults[1..], ["A. Osei, Tuesday: Enter both times, from and to."]);
        let mut closed = HoursForm::of(&OpeningHours::default());
        closed.clinic.iter_mut().for_each(|day| day.open = false);
        assert_eq!(read(&closed).unwrap_err().len(), 1);
    }

    #[test]
    fn own_hours_and_closures_come_and_go() {
        let saved = HoursForm::of(&OpeningHours::default());
        let mut form = saved.clone();
        form.set_own(OSEI, true);
        form.set_own(LIND, true);
        assert!(form.differs(Whose::Staff(OSEI), &saved) && form.differs_at_all(&saved) && saved.differs_at_all(&form));
        let staff: Vec<_> = read(&form).unwrap().staff.into_iter().map(|own| own.staff).collect();
        assert_eq!(staff, [LIND, OSEI]);
        form.set_own(OSEI, false);
        form.set_own(LIND, false);
        assert!(!form.differs_at_all(&saved));
        let day = |text: &str| text.parse::<Day>().unwrap();
        assert!(form.add_closure(day("2026-12-26")) && form.add_closure(day("2026-12-25")));
        assert!(!form.add_closure(day("2026-12-26")));
        assert_eq!(form.closures, [day("2026-12-25"), day("2026-12-26")]);
        assert!(form.differs(Whose::Clinic, &saved));
    }
}
