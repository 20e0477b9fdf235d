//! How they come, or do not, and what they write, report and ask for after that.

use super::{AT_CHECKOUT, DAY, Event, HOUR, People, has_two};
use crate::{
    clinic::{CLINIC, client, record},
    follow_up::year::carrier::phone,
};
use app::api::messages::Channel;
use domain::{command::Change, follow_up::elsewhere::BookingState, ids::*, plan::PlanAction};
use server::{
    follow_up::received::{self, Incoming},
    sync::push,
};

impl People {
    pub(super) async fn visits(&mut self, now: i64, who: usize, appointment: u128) {
        let Some((_, starts)) = self.all[who].booking.filter(|(own, _)| *own == appointment) else { return };
        let session = self.no_longer_booked(who);
        let elsewhere = self.all[who].elsewhere;
        if self.dice[who].falls(80) {
            self.count("did not come");
            // Now and then the desk forgets to say so.
            if elsewhere {
                self.tells(now, who, appointment, BookingState::Missed, starts).await;
            } else if self.dice[who].falls(700) {
                let cancels = self.cancels(session, appointment, true);
                assert!(self.tell(who, cancels).await, "a no-show is told");
            }
            self.perhaps_by_herself(now - 30 * DAY, who);
            return;
        }
        if elsewhere {
            // Charted when there is time for it.
            self.tells(now, who, appointment, BookingState::Completed, starts).await;
            let when = now + self.dice[who].within(0, 20) * HOUR;
            self.at(when, who, Event::IsCharted);
            return;
        }
        self.is_charted(now, who).await;
    }

    pub(super) async fn is_charted(&mut self, now: i64, who: usize) {
        let session = self.all[who].sessions[self.all[who].delivered];
        let number = i64::try_from(self.all[who].delivered).expect("a small number");
        let signed = self.tell(who, Change::SignSession { session, record: record(session, 10 + number), rest: None }).await;
        // A series that another system has a visit of may have been paused or ended before somebody charted it.
        assert!(signed || self.all[who].elsewhere, "a session is signed");
        if !signed {
            self.count("could not chart");
            return;
        }
        self.count("delivered");
        let person = &mut self.all[who];
        person.delivered += 1;
        person.last_visit = now;
        let at = person.delivered - 1;
        if person.delivered < person.sessions.len() {
            if self.dice[who].falls(AT_CHECKOUT) {
                self.at(now, who, Event::Books);
            } else {
                self.perhaps_by_herself(now, who);
            }
        }
        if self.dice[who].falls(60) {
            let when = now + self.dice[who].within(6, 72) * HOUR;
            self.at(when, who, Event::Worries(at));
        }
    }

    pub(super) async fn worries(&mut self, now: i64, who: usize, session: usize) {
        // As an answer, or on her own pages. Of two series an answer may be about the other.
        let has_two = usize::try_from(self.all[who].client).is_ok_and(has_two);
        let told = if self.dice[who].falls(500) && !has_two {
            self.writes(who, "it's blistering").await;
            true
        } else {
            let report = ReportId(self.desk.clinics.host.uuid());
            let session = self.all[who].sessions[session];
            let change = Change::ReportAfterSession { session, report, worried: true, text: "It is blistering".into() };
            let whose = self.client(who);
            push::receive_from_client(&self.desk.clinics, CLINIC, whose, change).await.unwrap().is_ok()
        };
        if told {
            let from = self.line.next_in_order();
            self.told.worried.begin((self.client(who), self.all[who].sessions[session]), from);
            self.count("worried");
            let when = now + self.dice[who].within(4, 12 * 24) * HOUR;
            self.at(when, who, Event::IsLookedAfter(session));
        }
    }

    /// An SMS, from her own number.
    async fn writes(&mut self, who: usize, text: &str) {
        let from = phone(self.all[who].client);
        let id = format!("SM{:032}", self.line.next_in_order());
        let incoming = Incoming { channel: Channel::Sms, from, text: text.to_owned(), id };
        assert_eq!(received::take(&self.desk.clinics, CLINIC, &incoming).await.unwrap(), 1, "somebody has that number");
    }

    pub(super) async fn says_stop(&mut self, who: usize) {
        let number = self.all[who].client;
        self.count("said stop");
        // To the carrier, which tells at the next message; or to the clinic.
        if self.dice[who].falls(400) {
            self.line.opted_out.lock().unwrap().insert(phone(number));
            return;
        }
        let text = if self.dice[who].falls(500) { "STOP" } else { "please stop texting me" };
        self.writes(who, text).await;
        let order = self.line.next_in_order();
        self.told.stopped.insert(client(number), order);
    }

    pub(super) async fn pauses(&mut self, now: i64, who: usize) {
        if self.all[who].booking.is_none() && self.change_plan(who, PlanAction::Freeze { until: None }).await {
            self.is_over(who);
            self.count("paused");
            let when = now + self.dice[who].within(20, 60) * DAY;
            self.at(when, who, Event::GoesOn);
        }
    }
}
