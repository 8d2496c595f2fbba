//! Somebody says that they come to an event, or that they do not.

use crate::domain::activity::{Activity, Entry};
use crate::domain::event::{Attendance, Event, JoinMode};
use crate::domain::ids::{ActorId, ObjectId, PostId};
use crate::domain::notice::NoticeKind;
use crate::domain::policy;
use crate::domain::refusal::{Kind, Refusal};
use crate::operations::access::Subject;
use crate::operations::{Desk, Operation, notice, object};
use crate::store::events;

/// The caller wants to come to an event; gives back whether they are expected (or wait to be
/// accepted). `None`: they were turned away, and their server hears of it.
///
/// A repeated Join is answered again, since the peer may have lost the first answer.
#[derive(Clone, Debug)]
pub(crate) struct AttendEvent {
    /// The post that announces it.
    pub(crate) post: PostId,
    /// The id of the Join that came from elsewhere.
    pub(crate) join: Option<String>,
}

impl Operation for AttendEvent {
    type Output = Option<bool>;
    const NAME: &'static str = "attend_event";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<Option<bool>, Refusal> {
        let caller = policy::require_actor(desk.caller)?;
        let (subject, event) = super::seen(desk, self.post)?;
        let local = object::is_local(desk, caller)?;
        let entered = if subject.post.local {
            self.enter(desk, caller, &subject, &event)
        } else if local {
            self.ask(desk, caller, &subject, &event)
        } else {
            Err(Refusal::forbidden(
                "event.elsewhere",
                "Only the server of an event says who comes.",
            ))
        };
        match entered {
            Err(refusal) if subject.post.local && !local && !refusal.is_passing() => {
                tracing::debug!(why = %refusal, "turned away from an event");
                let join = self.join.clone().unwrap_or_default();
                let attendee = caller;
                let post = self.post;
                let no = Activity::JoinRejected {
                    post,
                    attendee,
                    join,
                };
                desk.record(Entry::new(subject.author, None, no, post.0).to([caller]));
                Ok(None)
            }
            entered => entered.map(Some),
        }
    }
}

impl AttendEvent {
    /// To an event of this hub.
    fn enter(
        &self,
        desk: &mut Desk<'_>,
        caller: ActorId,
        subject: &Subject,
        event: &Event,
    ) -> Result<bool, Refusal> {
        let known = events::find_attendance(desk.db, self.post, caller)?;
        let expected = known.as_ref().is_some_and(|known| known.accepted);
        if !expected {
            let relation = desk.relation(&subject.group)?;
            policy::require_not_banned(&relation, desk.now)?;
            check_open(desk, event)?;
        }
        let free = event.join_mode == JoinMode::Free;
        if !expected && free && !events::take_seat(desk.db, self.post)? {
            return Err(full());
        }
        let minted = || {
            let uuid = crate::crypto::token::uuid();
            desk.names.activity("join", &uuid).to_string()
        };
        let attendance = Attendance {
            accepted: expected || free,
            uri: self.join.clone().unwrap_or_else(minted),
        };
        events::upsert_attendance(desk.db, self.post, caller, &attendance, desk.now)?;
        if attendance.accepted && self.join.is_some() {
            let yes = Activity::JoinAccepted {
                post: self.post,
                attendee: caller,
                join: attendance.uri,
            };
            desk.record(Entry::new(subject.author, None, yes, self.post.0).to([caller]));
        } else if !attendance.accepted && known.is_none() {
            tell_organiser(desk, subject, caller)?;
        }
        Ok(attendance.accepted)
    }

    /// To an event elsewhere, whose organiser decides. The ids of the Join and of its outbox entry
    /// share one uuid.
    fn ask(
        &self,
        desk: &mut Desk<'_>,
        caller: ActorId,
        subject: &Subject,
        event: &Event,
    ) -> Result<bool, Refusal> {
        if let Some(known) = events::find_attendance(desk.db, self.post, caller)? {
            return Ok(known.accepted);
        }
        check_open(desk, event)?;
        let post = self.post;
        let entry = Entry::new(caller, None, Activity::Joined { post }, post.0);
        let uuid = desk.record(entry.to([subject.author]));
        let attendance = Attendance {
            accepted: false,
            uri: desk.names.activity("join", &uuid).to_string(),
        };
        events::upsert_attendance(desk.db, post, caller, &attendance, desk.now)?;
        Ok(false)
    }
}

/// Somebody waits for the organiser to decide.
fn tell_organiser(desk: &mut Desk<'_>, subject: &Subject, asking: ActorId) -> Result<(), Refusal> {
    let object = ObjectId::Post(subject.post.id);
    let organiser = [subject.author];
    notice::tell(
        desk,
        NoticeKind::JoinAsked,
        &organiser,
        asking,
        object.number(),
    )
}

fn check_open(desk: &Desk<'_>, event: &Event) -> Result<(), Refusal> {
    if event.is_over(desk.now) {
        return Err(Refusal::new(
            Kind::Conflict,
            "event.over",
            "This event is over.",
        ));
    }
    if matches!(event.join_mode, JoinMode::Invite | JoinMode::External) {
        return Err(Refusal::forbidden(
            "event.closed",
            "The organiser takes nobody this way; please look at the event's own page.",
        ));
    }
    Ok(())
}

/// No seat is left.
pub(super) fn full() -> Refusal {
    Refusal::new(Kind::Conflict, "event.full", "All seats are taken.")
}

/// The caller does not come after all; done already if they never wanted to.
#[derive(Clone, Debug)]
pub(crate) struct LeaveEvent {
    /// The post that announces it.
    pub(crate) post: PostId,
}

impl Operation for LeaveEvent {
    type Output = ();
    const NAME: &'static str = "leave_event";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let caller = policy::require_actor(desk.caller)?;
        let subject = desk.subject(ObjectId::Post(self.post))?;
        events::lock(desk.db, self.post)?;
        let Some(known) = events::find_attendance(desk.db, self.post, caller)? else {
            return Ok(());
        };
        events::delete_attendance(desk.db, self.post, caller)?;
        if known.accepted {
            events::free_seat(desk.db, self.post)?;
        }
        if !subject.post.local && object::is_local(desk, caller)? {
            let post = self.post;
            let entry = Entry::new(caller, None, Activity::Left { post }, post.0);
            desk.record(entry.to([subject.author]));
        }
        Ok(())
    }
}
