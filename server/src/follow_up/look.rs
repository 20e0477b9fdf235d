//! All that is known of a client at one moment, and what follows from it for a touch whose turn it is.

use super::{
    claim::minutes_after,
    planning::beside_all,
    reach::{self, Manner, clocks},
};
use crate::{
    clinic::Clinics,
    store::{
        Result, Tx,
        chart::{self, Stamp},
        clinic,
        follow_up::touch::{self, TouchRow},
    },
};
use app::api::messages::{Channel, MessageChoices};
use domain::{
    catalogue::Catalogue,
    chart::Chart,
    follow_up::{
        facts::Facts,
        planner::{Identity, Touch, schedule},
        policy::{Policies, Policy},
        recheck::{Decision, Reach, Sent, Situation, decide},
        reconcile::never_came,
        touch_state::State,
    },
    ids::{ClientId, ClinicId, PlanId},
    time::{ClinicClock, Moment},
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
    /// How she wants to be written to.
    pub choices: MessageChoices,
    /// Of where she is, if not where the clinic is.
    pub own_clock: Option<ClinicClock>,
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
        let (policies, followed_since) = clinics.policies(tx, clinic).await?;
        let mut beside = beside_all(tx, clinic, clients, followed_since).await?;
        let contacts: Vec<_> = charts.iter().map(|chart| (chart.client.id, &chart.client.contact)).collect();
        let mut manners = reach::of_clients(tx, clinic, &contacts, now).await?;
        let mut rows: HashMap<_, Vec<_>> = HashMap::new();
        for row in touch::of_clients(tx, clinic, clients).await? {
            rows.entry(row.client_id).or_default().push(row);
        }
        let look = |chart: Chart| {
            let client = chart.client.id;
            let Manner { reach, choices, clock: own_clock } = manners.remove(&client)?;
            let beside = beside.remove(&client).unwrap_or_default();
            let facts = chart.follow_up_facts(&catalogue, &policies, &beside, now);
            let rows = rows.remove(&client).unwrap_or_default();
            let kept: Vec<_> = rows.iter().filter(|row| row.retry_of.is_none()).map(TouchRow::kept).collect();
            let schedule = schedule(&facts, &policies, clocks(&catalogue.clock, own_clock.as_ref()), never_came(&kept, now));
            let (catalogue, policies) = (catalogue.clone(), policies.clone());
            Some((client, Self { chart, catalogue, policies, facts, schedule, reach, choices, own_clock, rows, now }))
        };
        Ok(charts.into_iter().filter_map(look).collect())
    }

    /// What is to be done with a touch whose turn it is.
    pub fn decide(&self, row: &TouchRow) -> Decision {
        let decision = self.by_the_rules(row);
        let may_go = matches!(decision, Decision::Send(_)) && row.kind.keeps_quiet_hours();
        self.unsaid_until(row).filter(|_| may_go).map_or(decision, Decision::Wait)
    }

    /// That one goes to her just now: what comes after it in the same batch is to know.
    pub fn mark_taken(&mut self, row: &TouchRow) {
        self.rows.iter_mut().filter(|other| other.id == row.id).for_each(|other| other.clone_from(row));
    }

    /// Until then nobody can say whether something else has gone to her: a server has taken it, and has said nothing yet.
    fn unsaid_until(&self, row: &TouchRow) -> Option<Moment> {
        let taken = |other: &&TouchRow| other.id != row.id && matches!(other.state.0, State::Claimed | State::Suppressed | State::Merged);
        // Whose time is over is just being settled.
        let soonest = minutes_after(self.now, 1);
        self.rows.iter().filter(taken).filter_map(|other| other.look_at).map(|Stamp(at)| at.max(soonest)).max()
    }

    fn by_the_rules(&self, row: &TouchRow) -> Decision {
        // A retry is not held against what it retries.
        let sent: Vec<_> = self.rows.iter().filter(|other| other.id != row.id && Some(other.id) != row.retry_of).filter_map(sent).collect();
        let situation = Situation {
            schedule: &self.schedule,
            policy: self.policy(row.plan_id),
            reach: self.reach,
            by: row.channel.map(reach::way),
            sent: &sent,
            clock: self.own_clock.as_ref().unwrap_or(&self.catalogue.clock),
            now: self.now,
        };
        decide(&row.identity(), &situation)
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
    let went = row.may_have_gone() && row.kind.is_message();
    went.then(|| Sent { identity: row.identity(), at: row.tried_at.map_or(row.since.0, |at| at.0) })
}
