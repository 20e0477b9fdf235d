//! What the calendar's parts share, and what can be done with a booking on it.

use super::{
    address::{Asked, Holder},
    board::Board,
    drag::{Drag, Drawn, Moved, Phase, Target},
    model::{self, Verdict},
    note::Note,
};
use crate::{half_typed::HalfTyped, workspace::Workspace};
use domain::{
    booking::Time,
    chart::Author,
    command::Change,
    ids::{AppointmentId, ClientId, SessionId},
    time::Day,
};
use leptos::{html, prelude::*, task::spawn_local};
use std::{sync::Arc, time::Duration};

/// What stands in the panel beside the board.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Open {
    #[default]
    Nothing,
    Booking {
        client: ClientId,
        session: SessionId,
        appointment: AppointmentId,
    },
    /// It can only be moved there with a reason.
    Reason(Box<Asking>),
    /// A free place was touched.
    New(Slot),
}

/// A move that waits for a reason.
#[derive(Clone, Debug, PartialEq)]
pub struct Asking {
    pub moved: Moved,
    pub time: Time,
    pub concern: String,
}

/// A place where something new can be booked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    pub holder: Holder,
    pub day: Day,
    pub minute: u16,
}

#[derive(Clone, Copy)]
pub struct Calendar {
    pub workspace: Workspace,
    pub asked: Memo<Asked>,
    pub today: Memo<Day>,
    pub board: Memo<Board>,
    pub open: RwSignal<Open>,
    pub drag: RwSignal<Option<Drag>>,
    /// What becomes of what is held, if it is let go now. Worked out when it is held over another place, not at every movement.
    pub verdict: Memo<Option<Verdict>>,
    pub note: RwSignal<Option<Note>>,
    pub scroller: NodeRef<html::Div>,
    /// The box of the columns.
    pub columns: NodeRef<html::Div>,
}

/// As long as going back takes; as `--calm` in the style sheets.
const BACK: Duration = Duration::from_millis(180);

impl Calendar {
    pub fn new(workspace: Workspace, asked: Memo<Asked>, today: Memo<Day>) -> Self {
        let own = move || workspace.signed_in.with(|who| who.as_ref().map(|who| who.staff));
        let board = Memo::new(move |_| {
            let (asked, today, own) = (asked.get(), today.get(), own());
            workspace.read(|replica| {
                let catalogue = replica.catalogue();
                catalogue.map(|catalogue| super::board::board(replica, &catalogue, &asked, today, own)).unwrap_or_default()
            })
        });
        let drag = RwSignal::new(None::<Drag>);
        let verdict = Memo::new(move |_| drag.with(|drag| verdict(workspace, board, drag.as_ref()?)));
        Self {
            workspace,
            asked,
            today,
            board,
            open: RwSignal::new(Open::Nothing),
            drag,
            verdict,
            note: RwSignal::new(None),
            scroller: NodeRef::new(),
            columns: NodeRef::new(),
        }
    }

    /// Where the columns are on the screen, now.
    pub fn drawn(self) -> Option<Drawn> {
        let columns = self.columns.get_untracked()?;
        let (from, to) = self.board.with_untracked(|board| (board.from, board.to));
        let frame = columns.get_bounding_client_rect();
        let children = columns.children();
        let count = self.board.with_untracked(|board| board.columns.len());
        let rects = (0..u32::try_from(count).unwrap_or_default()).filter_map(|n| children.item(n)).map(|one| {
            let rect = one.get_bounding_client_rect();
            (rect.left() - frame.left(), rect.width())
        });
        Some(Drawn { columns: rects.collect(), height: frame.height(), from, to })
    }

    /// Takes a booking up.
    pub fn lift(self, moved: Moved, by_key: bool) -> bool {
        let id = moved.booked.id;
        let start = self.board.with_untracked(|board| {
            board.find(id).filter(|(_, card)| !card.completed).map(|(column, card)| Target { column, minute: card.minute })
        });
        let Some((start, drawn)) = start.zip(self.drawn()) else { return false };
        self.note.set(None);
        self.drag.set(Some(Drag { moved, start, target: start, by_key, phase: Phase::Held, drawn: Arc::new(drawn) }));
        true
    }

    pub fn is_held(self) -> bool {
        self.drag.with_untracked(|drag| drag.as_ref().is_some_and(|drag| drag.phase == Phase::Held))
    }

    /// Holds what was taken up over another place.
    pub fn aim(self, target: impl FnOnce(&Drag) -> Target) {
        let target = self.drag.with_untracked(|drag| {
            let drag = drag.as_ref().filter(|drag| drag.phase == Phase::Held)?;
            Some(target(drag)).filter(|target| *target != drag.target)
        });
        if let Some(target) = target {
            self.drag.update(|drag| {
                if let Some(drag) = drag {
                    drag.target = target;
                }
            });
        }
    }

    /// Lets go of what is held: it is moved, or goes back and it is said why.
    pub fn drop_here(self) {
        let Some(drag) = self.drag.get_untracked().filter(|drag| drag.phase == Phase::Held) else { return };
        match self.verdict.get_untracked() {
            Some(Verdict::Free(time)) => {
                self.set_phase(Phase::Dropped);
                self.move_to(drag.moved, time, None);
            }
            Some(Verdict::TooSoon { time, concern }) => {
                self.back();
                self.open.set(Open::Reason(Box::new(Asking { moved: drag.moved, time, concern })));
            }
            Some(Verdict::Refused(words)) => {
                self.back();
                let before = self.workspace.catalogue().map(|catalogue| catalogue.clock.time(drag.moved.booked.starts));
                let stays = before.map_or_else(|| "It stays where it was.".to_owned(), |before| format!("It stays at {before}."));
                self.note.set(Some(Note::refused(format!("{words} {stays}"))));
            }
            Some(Verdict::Same) | None => self.drag.set(None),
        }
    }

    /// What is held goes back to where it was.
    pub fn back(self) {
        if !self.is_held() {
            return;
        }
        self.drag.update(|drag| {
            if let Some(drag) = drag {
                drag.target = drag.start;
                drag.phase = Phase::Back;
            }
        });
        let drag = self.drag;
        set_timeout(
            move || {
                if drag.try_with_untracked(|drag| drag.as_ref().is_some_and(|drag| drag.phase == Phase::Back)) == Some(true) {
                    drag.set(None);
                }
            },
            BACK,
        );
    }

    fn set_phase(self, phase: Phase) {
        self.drag.update(|drag| {
            if let Some(drag) = drag {
                drag.phase = phase;
            }
        });
    }

    /// Moves a booking, with a reason where it needs one, and offers to move it back.
    pub fn move_to(self, moved: Moved, time: Time, reason: Option<(String, HalfTyped)>) {
        let before = moved.booked.time();
        spawn_local(async move {
            let despite = reason.as_ref().map_or_else(String::new, |(typed, _)| typed.clone());
            let done = self.record_move(&moved, time, despite).await;
            self.drag.try_set(None);
            let note = match done {
                Ok(()) => {
                    if let Some((typed, kept)) = reason {
                        kept.saved(&typed);
                    }
                    let place = self.place(time, Some(before));
                    Note::moved(format!("{} moved to {place}.", moved.name), moved, before)
                }
                Err(words) => Note::refused(format!("It was not moved. {words}")),
            };
            self.note.try_set(Some(note));
        });
    }

    /// Moves it back to where it was before.
    pub fn undo(self, moved: Moved, before: Time) {
        self.note.set(None);
        spawn_local(async move {
            // What was said for the old time still holds for it.
            let despite = moved.booked.despite.clone().unwrap_or_default();
            let note = match self.record_move(&moved, before, despite).await {
                Ok(()) => Note::done(format!("{} is back at {}.", moved.name, self.place(before, Some(before)))),
                Err(words) => Note::refused(format!("It could not be moved back. {words}")),
            };
            self.note.try_set(Some(note));
        });
    }

    async fn record_move(self, moved: &Moved, time: Time, despite: String) -> Result<(), String> {
        let change = Change::MoveBooking { session: moved.session, appointment: moved.booked.id, time, despite };
        self.workspace.record(moved.client, change, None).await.map(|_| ()).map_err(|error| error.to_string())
    }

    /// `10:15, A. Osei`
    pub fn place(self, time: Time, before: Option<Time>) -> String {
        self.workspace.catalogue().map(|catalogue| model::place(time, before, &catalogue)).unwrap_or_default()
    }
}

/// Who would do it, and when.
pub fn author(workspace: Workspace) -> Option<Author> {
    let staff = workspace.signed_in.with(|who| who.as_ref().map(|who| who.staff))?;
    Some(Author { staff, at: workspace.now.get() })
}

fn verdict(workspace: Workspace, board: Memo<Board>, drag: &Drag) -> Option<Verdict> {
    let (chart, catalogue) = workspace.chart(drag.moved.client).zip(workspace.catalogue())?;
    let (author, booked) = (author(workspace)?, &drag.moved.booked);
    board.with(|board| {
        let column = board.columns.get(drag.target.column)?;
        let taken = board.taken(Some(booked.id));
        let at = if drag.target == drag.start { return Some(Verdict::Same) } else { (column.holder, column.day) };
        Some(match model::time_in(&catalogue, at, drag.target.minute, booked.time(), &taken) {
            Ok(wanted) => model::drop_verdict(&chart, drag.moved.session, booked, wanted, &board.all, &catalogue, author),
            Err(words) => Verdict::Refused(words),
        })
    })
}

pub fn use_calendar() -> Calendar {
    expect_context()
}
