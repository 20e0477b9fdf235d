//! Tables of the numbers as CSV, as spreadsheets read them.

use crate::{
    accounts::harmless,
    store::{
        self, StoreError,
        numbers::{names::Names, timeline::Line},
    },
};
use csv::Writer;
use domain::{
    catalogue::Catalogue,
    money,
    numbers::{LEAST, Metric, Numbers, Share, Table},
    time::{ClinicClock, Moment},
};

/// Lines of a file, each guarded against being taken for a formula.
pub struct Lines(Writer<Vec<u8>>);

impl Lines {
    pub fn new(head: &[&str]) -> store::Result<Self> {
        let mut lines = Self(Writer::from_writer(Vec::new()));
        lines.0.write_record(head).map_err(unwritten)?;
        Ok(lines)
    }

    pub fn add<const N: usize>(&mut self, line: [String; N]) -> store::Result<()> {
        self.0.write_record(line.map(harmless)).map_err(unwritten)
    }

    pub fn body(self) -> store::Result<Vec<u8>> {
        self.0.into_inner().map_err(|error| StoreError::Unreadable(error.to_string()))
    }
}

fn unwritten(error: csv::Error) -> StoreError {
    StoreError::Unreadable(error.to_string())
}

/// One table of them.
pub fn table(which: Table, numbers: &Numbers, names: &Names, catalogue: &Catalogue) -> store::Result<Vec<u8>> {
    let sum = |minor: i64| money::typed(minor, &catalogue.currency);
    let currency = || catalogue.currency.clone();
    let percent = |share: Share| share.percent().unwrap_or_default();
    let lines = match which {
        Table::Series => {
            let head = ["Sessions sold", "Sessions delivered", "Mature series", "Percent of series of that length"];
            let mut lines = Lines::new(&head)?;
            for one in &numbers.series {
                let (_, of_length, _) = numbers.of_length(one.sold);
                let share = percent(Share::new(one.series, of_length));
                lines.add([one.sold.to_string(), one.delivered.to_string(), one.series.to_string(), share])?;
            }
            lines
        }
        Table::DropOff => {
            let mut lines = Lines::new(&["After session", "Next session", "Time has passed", "Dropped", "Percent dropped"])?;
            for one in &numbers.drop_off {
                let next = one.after.saturating_add(1);
                lines.add([
                    one.after.to_string(),
                    next.to_string(),
                    one.passed.to_string(),
                    one.dropped.to_string(),
                    percent(one.share()),
                ])?;
            }
            lines
        }
        Table::Months => {
            let head = [
                "Month of sale",
                "Series too young",
                "Mature series",
                "Finished",
                "Percent finished",
                "Sessions sold",
                "Sessions delivered",
                "Percent delivered",
                "Session 2, time has passed",
                "Dropped before session 3",
                "Percent dropped",
            ];
            let mut lines = Lines::new(&head)?;
            for one in &numbers.months {
                lines.add([
                    // `2026-11`
                    one.first.0.strftime("%Y-%m").to_string(),
                    one.young.to_string(),
                    one.mature.to_string(),
                    one.complete.to_string(),
                    percent(one.series_completion()),
                    one.sold.to_string(),
                    one.delivered.to_string(),
                    percent(one.session_completion()),
                    one.passed.to_string(),
                    one.dropped.to_string(),
                    percent(one.drop_off()),
                ])?;
            }
            lines
        }
        Table::AtRisk => {
            let head =
                ["Client", "Series", "Delivered last", "Of", "Next session due", "Not delivered", "Currency", "Client id", "Series id"];
            let mut lines = Lines::new(&head)?;
            for one in &numbers.at_risk {
                lines.add([
                    names.client(one.client),
                    names.plan(one.plan),
                    one.after.to_string(),
                    one.sold.to_string(),
                    one.due.to_string(),
                    sum(one.stranded_minor),
                    currency(),
                    one.client.to_string(),
                    one.plan.to_string(),
                ])?;
            }
            lines
        }
        Table::Touches => {
            let head = ["Message", "Due", "On time", "Late", "Expired", "Failed", "Uncertain", "Not gone", "Percent on time"];
            let mut lines = Lines::new(&head)?;
            for one in &numbers.touches {
                let counts = [one.due, one.on_time, one.late, one.expired, one.failed, one.uncertain, one.not_gone].map(|n| n.to_string());
                let [due, on_time, late, expired, failed, uncertain, not_gone] = counts;
                let share = percent(Share::new(one.on_time, one.due));
                lines.add([one.kind.label().to_owned(), due, on_time, late, expired, failed, uncertain, not_gone, share])?;
            }
            lines
        }
        Table::Lapses => {
            let mut lines = Lines::new(&["Last thing done", "Lapses that came so far", "Booked again after it", "Percent"])?;
            for one in &numbers.lapses.by {
                let share = percent(Share::new(one.rebooked, one.reached));
                lines.add([one.after.label(), one.reached.to_string(), one.rebooked.to_string(), share])?;
            }
            let all = &numbers.lapses;
            lines.add(["All".to_owned(), all.passed.to_string(), all.rebooked.to_string(), percent(numbers.rebooked())])?;
            lines
        }
        Table::Calls => {
            let calls = &numbers.calls;
            let mut lines = Lines::new(&["What", "Number", "Unit"])?;
            let some = |n: Option<u32>| n.map(|n| n.to_string()).unwrap_or_default();
            let of = |metric: Metric, n: String, unit: &str| [metric.label().to_owned(), n, unit.to_owned()];
            lines.add(of(Metric::CallsOpen, calls.open.to_string(), "series"))?;
            lines.add(of(Metric::CallsOpened, calls.opened.to_string(), "series"))?;
            lines.add(of(Metric::CallAge, some(calls.median_age_days), "days"))?;
            lines.add(of(Metric::CallWait, some(calls.median_wait_minutes), "minutes"))?;
            lines.add(of(Metric::CallHours, some(calls.minutes_a_week()), "minutes"))?;
            for one in &calls.outcomes {
                lines.add([one.outcome.clone(), one.calls.to_string(), "calls".to_owned()])?;
            }
            lines
        }
        Table::Zero => {
            let mut lines = Lines::new(&["What", "Number"])?;
            let zero = numbers.zero;
            for (metric, n) in [(Metric::AfterBooking, zero.after_booking), (Metric::Twice, zero.twice), (Metric::Fifth, zero.fifth)] {
                lines.add([metric.label().to_owned(), n.to_string()])?;
            }
            lines
        }
        Table::Packages => {
            let head = [
                "Package",
                "Series",
                "Average price",
                "Sessions sold",
                "Sessions delivered",
                "Mature series",
                "Finished",
                "Percent finished",
                "Sessions sold in mature series",
                "Of them delivered",
                "Percent delivered",
                "Money stranded",
                "Sessions recovered",
                "Money recovered",
                "Currency",
            ];
            let mut lines = Lines::new(&head)?;
            for one in &numbers.packages {
                lines.add([
                    one.name.clone(),
                    one.series.to_string(),
                    sum(one.price_minor),
                    one.sold.to_string(),
                    one.delivered.to_string(),
                    one.mature.to_string(),
                    one.complete.to_string(),
                    percent(Share::new(one.complete, one.mature)),
                    one.mature_sold.to_string(),
                    one.mature_delivered.to_string(),
                    percent(Share::of_many(one.mature_delivered, one.mature_sold, one.mature)),
                    sum(one.stranded_minor),
                    one.recovered.to_string(),
                    sum(one.recovered_minor),
                    currency(),
                ])?;
            }
            lines
        }
        Table::Apart => {
            let head = ["Client", "Series", "Why", "Sold on", "Delivered", "Of", "Refunded", "Currency", "Client id", "Series id"];
            let mut lines = Lines::new(&head)?;
            for one in &numbers.apart {
                lines.add([
                    names.client(one.client),
                    one.name.clone(),
                    one.because.label().to_owned(),
                    one.sold_on.to_string(),
                    one.delivered.to_string(),
                    one.sold.to_string(),
                    sum(one.refunded_minor),
                    currency(),
                    one.client.to_string(),
                    one.plan.to_string(),
                ])?;
            }
            lines
        }
        Table::Definitions => {
            let mut lines = Lines::new(&["Number", "Definition", "Which days"])?;
            for metric in Metric::ALL {
                lines.add([metric.label(), metric.definition(), metric.window()].map(str::to_owned))?;
            }
            let few = format!("Of fewer than {LEAST} cases no percentage is said; the counts stand beside it.");
            lines.add(["Percentages".to_owned(), few, String::new()])?;
            lines
        }
    };
    lines.body()
}

/// What a line of all touches is about.
pub const TOUCHES_HEAD: [&str; 12] = [
    "Client",
    "Series",
    "Session",
    "Message",
    "Due",
    "Sent",
    "State",
    "Since",
    "Reason",
    "By another channel",
    "All states",
    "Tries and answers",
];

pub fn touch(line: Line, clock: &ClinicClock) -> [String; 12] {
    let time = |at: Moment| format!("{} {}", clock.day(at), clock.time(at));
    let first_name = line.client.split_whitespace().next().unwrap_or_default();
    let why = line.why.map(|why| why.sentence(first_name, clock)).unwrap_or_default();
    [
        line.client.clone(),
        line.series,
        line.number.to_string(),
        line.kind.label().to_owned(),
        time(line.due),
        line.accepted.map(time).unwrap_or_default(),
        line.state.label().to_owned(),
        time(line.since),
        why,
        if line.again { "yes".to_owned() } else { String::new() },
        line.steps,
        line.tries,
    ]
}
