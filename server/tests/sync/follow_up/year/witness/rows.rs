//! What may not stand in the tables, at any time or when all is settled, and how touches may go from one state to the next.

use domain::follow_up::touch_state::State;

/// Rules, each with how to count what breaks it; `$1` is the time.
pub type Rules = [(&'static str, &'static str)];

pub const ALWAYS: &Rules = &[
    (
        "a retry was retried",
        "select count(*) from touch join touch first on first.id = touch.retry_of where first.retry_of is not null and $1 > 0",
    ),
    (
        "two are planned within 20 hours of each other",
        "select count(*) from touch a join touch b on b.clinic_id = a.clinic_id and b.client_id = a.client_id and b.id > a.id
            where a.state = 'planned' and b.state = 'planned' and a.retry_of is null and b.retry_of is null
            and a.kind <> 'flag' and b.kind <> 'flag' and $1 > 0
            and a.due_at < b.due_at + interval '20 hours' and b.due_at < a.due_at + interval '20 hours'",
    ),
];

pub const SETTLED: &Rules = &[
    ("touches whose turn has come were not looked at", "select count(*) from touch where look_at <= to_timestamp($1 / 1000.0)"),
    ("touches lie between two states", "select count(*) from touch where state in ('claimed', 'attempted') and $1 > 0"),
    (
        "touches that ask for a booking outlive it",
        "select count(*) from touch join appointment booked on booked.clinic_id = touch.clinic_id and booked.session_id = touch.session_id
            where state in ('planned', 'claimed') and booked.starts_at > to_timestamp($1 / 1000.0)
            and kind in ('rebooking_prompt', 'reminder', 'recovery_soft', 'recovery_value', 'recovery_last', 'flag')",
    ),
];

pub const AT_THE_END: &Rules = &[
    (
        "planned touches whose time is over",
        "select count(*) from touch where state = 'planned' and due_at <= to_timestamp($1 / 1000.0) and look_at <= to_timestamp($1 / 1000.0)",
    ),
    (
        "touches whose last step is not their state",
        "select count(*) from touch t where $1 > 0 and state is distinct from (select state from touch_step s
            where s.clinic_id = t.clinic_id and s.touch_id = t.id order by number desc limit 1)",
    ),
    ("tries without an outcome", "select count(*) from attempt where $1 > 0 and outcome is null"),
    (
        // Where the server ended before it could, nobody knows the words.
        "messages that were taken and not kept",
        "select count(*) from attempt a where $1 > 0 and outcome = 'accepted' and finished_at <= started_at + interval '1 minute'
            and not exists (select from message m where m.clinic_id = a.clinic_id and m.attempt = a.token)",
    ),
    (
        "touches that went and have no try",
        "select count(*) from touch t where $1 > 0 and state in ('accepted', 'delivered', 'bounced') and kind <> 'flag'
            and not exists (select from attempt a where a.clinic_id = t.clinic_id and a.touch_id = t.id)",
    ),
];

/// Every step of a touch beside the one before it, with how often that came. A flag is no message, and comes to its list at once.
pub const STEPS: &str = "select before, state, is_moved, count(*) from (
        select step.state, lag(step.state) over steps as before, step.due_at is distinct from lag(step.due_at) over steps as is_moved
        from touch_step step join touch on touch.clinic_id = step.clinic_id and touch.id = touch_id
        where kind <> 'flag' and $1 > 0 window steps as (partition by step.clinic_id, touch_id order by number)
    ) step group by 1, 2, 3";

/// Whether a touch may go from one state to the next. `is_moved`: it is due at another time.
pub fn may_follow(before: Option<&str>, state: &str, is_moved: bool) -> bool {
    let Some(state) = State::by_code(state) else { return false };
    match before.map(State::by_code) {
        None => matches!(state, State::Planned | State::Suppressed | State::Merged),
        Some(Some(before)) => before.may_become(state) || (before == state && state == State::Planned && is_moved),
        Some(None) => false,
    }
}
