//! Which sessions ask for photographs: the first, the middle and the last of a series.

use crate::{
    catalogue::Catalogue,
    chart::{Author, Chart, checked},
    ids::{SessionId, ViewId},
    plan::{Plan, PlanAction, PlanEvent},
    rejection::Rejection,
    session::Remark,
    view::ViewSet,
};

/// The photographs a session asks for and does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    pub why: Why,
    /// Views still to be taken, in their order.
    pub missing: Vec<ViewId>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    First,
    Middle,
    Last,
}

impl Why {
    /// `first session`, after "Photographs of the".
    pub fn label(self) -> &'static str {
        match self {
            Self::First => "first session",
            Self::Middle => "middle of the series",
            Self::Last => "last session",
        }
    }
}

/// Why the session with this number, of so many, is photographed.
fn why(number: u16, sessions: u16) -> Option<Why> {
    match number {
        1 => Some(Why::First),
        _ if number == sessions => Some(Why::Last),
        _ if number == sessions.div_ceil(2) => Some(Why::Middle),
        _ => None,
    }
}

impl Chart {
    /// The sets by which a session is photographed, as its package names them today.
    pub fn view_sets<'a>(&self, session: SessionId, catalogue: &'a Catalogue) -> Vec<&'a ViewSet> {
        let plan = self.session(session).and_then(|session| self.plan(session.plan));
        let package = plan.and_then(|plan| catalogue.package(plan.package));
        let sets = package.into_iter().flat_map(|package| &package.view_sets);
        sets.filter_map(|id| catalogue.view_set(*id)).filter(|set| !set.retired).collect()
    }

    /// What is due in this session; `None` when nothing is, all is there, or somebody said why not.
    pub fn photos_due(&self, session: SessionId, catalogue: &Catalogue) -> Option<Due> {
        let session = self.session(session).filter(|session| session.photos_skipped.is_none())?;
        let plan = self.plan(session.plan)?;
        let why = why(session.number, self.sessions_before_maintenance(plan))?;
        let sets = self.view_sets(session.id, catalogue);
        let views = sets.iter().flat_map(|set| set.current().map(|view| view.id));
        let missing: Vec<_> = views.filter(|view| self.photos_of(session.id).all(|photo| photo.shot.view != *view)).collect();
        (!missing.is_empty()).then_some(Due { why, missing })
    }

    /// Maintenance goes on with a series; where it ended stays where it was.
    fn sessions_before_maintenance(&self, plan: &Plan) -> u16 {
        let maintained = |event: &PlanEvent| match &event.action {
            PlanAction::Maintain { sessions, .. } => sessions.len(),
            _ => 0,
        };
        let all = self.sessions.iter().filter(|session| session.plan == plan.id).count();
        let maintenance: usize = plan.events.iter().map(maintained).sum();
        u16::try_from(all.saturating_sub(maintenance)).unwrap_or(u16::MAX)
    }

    pub(crate) fn skip_photos(&mut self, session: SessionId, reason: &str, author: Author) -> Result<(), Rejection> {
        let text = checked(reason)?;
        let session = self.session_mut(session)?;
        if session.photos_skipped.is_some() {
            return Err(Rejection::AlreadyDecided);
        }
        session.photos_skipped = Some(Remark { by: author.staff, at: author.at, text });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_middle_and_last_are_photographed() {
        let due = |sessions| (1..=sessions).filter(|number| why(*number, sessions).is_some()).collect::<Vec<_>>();
        assert_eq!(due(1), [1]);
        assert_eq!(due(2), [1, 2]);
        assert_eq!(due(3), [1, 2, 3]);
        assert_eq!(due(4), [1, 2, 4]);
        assert_eq!(due(6), [1, 3, 6]);
        assert_eq!(due(8), [1, 4, 8]);
        assert_eq!(why(1, 1), Some(Why::First));
    }
}
