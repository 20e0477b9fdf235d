//! What the calendar shows stands in its address, so that it can be linked to, reloaded and gone back to.

use domain::{
    ids::{DeviceId, RoomId, StaffId},
    time::Day,
};
use uuid::Uuid;

/// Who or what a column is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Holder {
    Provider(StaffId),
    Room(RoomId),
    Device(DeviceId),
    /// Bookings that need no room, or no device.
    Without(By),
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum By {
    #[default]
    Provider,
    Room,
    Device,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Span {
    #[default]
    Day,
    Week,
}

/// What is asked for. Today has no day in its address, so that it is still today tomorrow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Asked {
    pub day: Option<Day>,
    pub span: Span,
    pub by: By,
    /// Whose week it is.
    pub of: Option<Uuid>,
}

impl By {
    pub const ALL: [Self; 3] = [Self::Provider, Self::Room, Self::Device];

    pub fn label(self) -> &'static str {
        match self {
            Self::Provider => "Providers",
            Self::Room => "Rooms",
            Self::Device => "Devices",
        }
    }

    pub fn one(self) -> &'static str {
        match self {
            Self::Provider => "provider",
            Self::Room => "room",
            Self::Device => "device",
        }
    }
}

impl Span {
    pub const ALL: [Self; 2] = [Self::Day, Self::Week];

    pub fn label(self) -> &'static str {
        match self {
            Self::Day => "Day",
            Self::Week => "Week",
        }
    }

    /// How far one step goes.
    pub fn days(self) -> i32 {
        match self {
            Self::Day => 1,
            Self::Week => 7,
        }
    }
}

impl Holder {
    pub fn id(self) -> Option<Uuid> {
        match self {
            Self::Provider(id) => Some(id.0),
            Self::Room(id) => Some(id.0),
            Self::Device(id) => Some(id.0),
            Self::Without(_) => None,
        }
    }
}

impl Asked {
    /// Reads the address; what makes no sense in it is left out.
    pub fn read(part: impl Fn(&str) -> Option<String>) -> Self {
        Self {
            day: part("day").and_then(|day| day.parse().ok()),
            span: if part("view").as_deref() == Some("week") { Span::Week } else { Span::Day },
            by: match part("by").as_deref() {
                Some("room") => By::Room,
                Some("device") => By::Device,
                _ => By::Provider,
            },
            of: part("of").and_then(|of| of.parse().ok()),
        }
    }

    pub fn path(&self, today: Day) -> String {
        let mut parts = Vec::new();
        if let Some(day) = self.day.filter(|day| *day != today) {
            parts.push(format!("day={day}"));
        }
        if self.span == Span::Week {
            parts.push("view=week".to_owned());
        }
        if self.by != By::Provider {
            parts.push(format!("by={}", self.by.one()));
        }
        if let Some(of) = self.of {
            parts.push(format!("of={of}"));
        }
        if parts.is_empty() { "/calendar".to_owned() } else { format!("/calendar?{}", parts.join("&")) }
    }

    /// The days it spans: one, or Monday to Sunday.
    pub fn days(&self, today: Day) -> Vec<Day> {
        let day = self.day.unwrap_or(today);
        match self.span {
            Span::Day => vec![day],
            Span::Week => {
                let monday = day.plus(-i32::try_from(day.weekday()).unwrap_or_default());
                (0..7).map(|n| monday.plus(n)).collect()
            }
        }
    }

    pub fn on(self, day: Day) -> Self {
        Self { day: Some(day), ..self }
    }

    /// So many days or weeks on.
    pub fn step(self, steps: i32, today: Day) -> Self {
        self.on(self.day.unwrap_or(today).plus(steps * self.span.days()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str) -> Asked {
        let parts: Vec<(&str, &str)> = query.split('&').filter_map(|part| part.split_once('=')).collect();
        Asked::read(|name| parts.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn an_address_leads_back_to_what_was_shown() {
        let today: Day = "2026-11-21".parse().unwrap();
        let of = "00000000-0000-0000-0000-000000000007";
        for query in
            ["", "view=week", "day=2026-11-24", "by=room", "day=2026-12-01&view=week&by=device&of=00000000-0000-0000-0000-000000000007"]
        {
            let path = read(query).path(today);
            assert_eq!(path, if query.is_empty() { "/calendar".to_owned() } else { format!("/calendar?{query}") });
        }
        assert_eq!(read(&format!("of={of}")).of, of.parse().ok());
        assert_eq!(read("day=2026-11-31&view=year&by=moon&of=me"), Asked::default());
        assert_eq!(read("day=2026-11-21").path(today), "/calendar");
    }

    #[test]
    fn a_week_begins_on_monday_and_steps_keep_their_length() {
        let today: Day = "2026-11-21".parse().unwrap();
        let week = read("view=week");
        let days: Vec<_> = week.days(today).iter().map(Day::to_string).collect();
        assert_eq!((days[0].as_str(), days[6].as_str(), days.len()), ("2026-11-16", "2026-11-22", 7));
        assert_eq!(week.step(1, today).day, Some("2026-11-28".parse().unwrap()));
        assert_eq!(read("").step(-1, today).days(today), ["2026-11-20".parse().unwrap()]);
    }
}
