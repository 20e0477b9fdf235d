//! All that is known of a client at one moment, and what follows from it for a touch whose turn it is.

use super::planning::beside_all;
use crate::{
    clinic::Clinics,
    store::{
        Result, Tx, chart, clinic,
        follow_up::{
            policy, stop,
            touch::{self, TouchRow},
        },
        own_pages::choice,
    },
};
use app::api::messages::{Channel, MessageChoices};
use domain::{
    catalogue::Catalogue,
    chart::Chart,
    follow_up::{
        facts::Facts,
        planner::{Identity, Touch, schedule},
        policy::{Channel as Way, Policies, Policy},
        recheck::{Decision, Line, Reach, Sent, Situation, decide},
    },
    ids::{ClientId, ClinicId, PlanId},
    time::Moment,
};
use std::{collections::HashMap, sync::Arc};
use uuid::Uuid;

pub struct Look {
    pub chart: Chart,
    pub catalogue: Arc<Catalogue>,
    pub policies: Arc<Policies>,
    pub facts: Vec<Facts>,
    pub schedule: Vec<Touch>,
    pub reach: Reach,
    /// All touches of the client as they are kept.
    pub rows: Vec<TouchRow>,
    pub now: Moment,
}

impl Look {
    /// `None`: there is no such chart.
    pub async fn at(tx: &mut Tx, clinics: &Clinics, clinic: ClinicId, client: ClientId) -> Result<Option<Self>> {
        Ok(Self::at_all(tx, clinics, clinic, &[client]).await?.remove(&client))
    }

    /// At several clients, in as many statements as at one. Whoever has no chart is left out.
    pub async fn at_all(tx: &mut Tx, clinics: &Clinics, clinic: ClinicId, clients: &[ClientId]) -> Result<HashMap<ClientId, Self>> {
        let now = clinics.host.now();
        let charts = chart::load_all(tx, clinic, clients).await?;
        let version = clinic::read_version(tx, clinic).await?;
        let catalogue = clinics.catalogue(tx, clinic, version.catalogue).await?;
        let policy::Kept { policies, followed_since, .. } = policy::read(tx, clinic).await?;
        let policies = Arc::new(policies);
        let mut beside = beside_all(tx, clinic, clients, followed_since).await?;
        let choices = choice::of_clients(tx, clinic, clients).await?;
        let stopped = stop::stopped(tx, clinic, clients).await?;
        let mut rows: HashMap<_, Vec<_>> = HashMap::new();
        for row in touch::of_clients(tx, clinic, clients).await? {
            rows.entry(row.client_id).or_default().push(row);
        }
        let look = |chart: Chart| {
            let client = chart.client.id;
            let beside = beside.remove(&client).unwrap_or_default();
            let facts = chart.follow_up_facts(&catalogue, &policies, &beside, now);
            let schedule = schedule(&facts, &policies, &catalogue.clock);
            let reach = reach(&chart, choices.get(&client).copied().unwrap_or_default(), stopped.contains(&client));
            let rows = rows.remove(&client).unwrap_or_default();
            (client, Self { chart, catalogue: catalogue.clone(), policies: policies.clone(), facts, schedule, reach, rows, now })
        };
        Ok(charts.into_iter().map(look).collect())
    }

    /// What is to be done with a touch whose turn it is.
    pub fn decide(&self, row: &TouchRow) -> Decision {
        // A retry is not held against what it retries.
        let sent: Vec<_> = self.rows.iter().filter(|other| other.id != row.id && Some(other.id) != row.retry_of).filter_map(sent).collect();
        let situation = Situation {
            schedule: &self.schedule,
            policy: self.policy(row.plan_id),
            reach: self.reach,
            sent: &sent,
            clock: &self.catalogue.clock,
            now: self.now,
        };
        match (decide(&row.identity(), &situation), row.channel) {
            (Decision::Send(_), Some(channel)) => Decision::Send(vec![way(channel)]),
            (decision, _) => decision,
        }
    }

    pub fn policy(&self, plan: PlanId) -> &Policy {
        self.chart.plan(plan).map_or(&self.policies.usual, |plan| self.policies.of(plan.package))
    }

    pub fn touch(&self, identity: &Identity) -> Option<&Touch> {
        self.schedule.iter().find(|touch| touch.identity == *identity)
    }

    pub fn id_of(&self, identity: &Identity) -> Option<Uuid> {
        self.rows.iter().find(|row| row.retry_of.is_none() && row.identity() == *identity).map(|row| row.id)
    }

    /// The address a message by that channel goes to.
    pub fn address(&self, channel: Channel) -> &str {
        match channel {
            Channel::Email => self.chart.client.contact.email.trim(),
            Channel::Sms => self.chart.client.contact.phone.trim(),
        }
    }
}

fn sent(row: &TouchRow) -> Option<Sent> {
    let went = row.state.0.may_have_gone() && row.kind.is_message();
    went.then(|| Sent { identity: row.identity(), at: row.tried_at.map_or(row.since.0, |at| at.0) })
}

fn reach(chart: &Chart, choices: MessageChoices, opted_out: bool) -> Reach {
    let contact = &chart.client.contact;
    let digits = contact.phone.chars().filter(char::is_ascii_digit).count();
    let is_address = contact.email.trim().split_once('@').is_some_and(|(name, place)| !name.is_empty() && !place.is_empty());
    Reach {
        sms: Line { works: digits >= FEWEST_DIGITS, reminders: choices.sms_reminders, offers: choices.sms_offers },
        email: Line { works: is_address, reminders: choices.email_reminders, offers: choices.email_offers },
        opted_out,
    }
}

/// A phone number has at least so many.
const FEWEST_DIGITS: usize = 7;

pub fn way(channel: Channel) -> Way {
    match channel {
        Channel::Sms => Way::Sms,
        Channel::Email => Way::Email,
    }
}

pub fn channel(way: Way) -> Channel {
    match way {
        Way::Sms => Channel::Sms,
        Way::Email => Channel::Email,
    }
}
