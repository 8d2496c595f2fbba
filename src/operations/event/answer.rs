//! An organiser decides who comes; or one elsewhere has decided about a member of this hub.

use crate::domain::activity::{Activity, Entry};
use crate::domain::event::Attendance;
use crate::domain::ids::{ActorId, ObjectId, PostId};
use crate::domain::notice::NoticeKind;
use crate::domain::policy;
use crate::domain::refusal::Refusal;
use crate::operations::{Desk, Operation, notice, object};
use crate::store::events;

/// The organiser of an event here, or a moderator of its group, lets somebody in or turns them away.
#[derive(Clone, Debug)]
pub(crate) struct AnswerAttendee {
    /// The post that announces it.
    pub(crate) post: PostId,
    /// Who wants to come, or comes.
    pub(crate) attendee: ActorId,
    /// Whether they may.
    pub(crate) accepted: bool,
}

impl Operation for AnswerAttendee {
    type Output = ();
    const NAME: &'static str = "answer_attendee";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let (subject, _) = super::seen(desk, self.post)?;
        if desk.caller.actor() != Some(subject.author) {
            let relation = desk.relation(&subject.group)?;
            policy::require_moderator(desk.caller, &relation, subject.group.local)?;
        }
        let known = events::find_attendance(desk.db, self.post, self.attendee)?;
        let Some(known) = known.filter(|_| subject.post.local) else {
            return Err(Refusal::not_found(
                "event.attendee",
                "They do not want to come.",
            ));
        };
        if known.accepted && self.accepted {
            return Ok(());
        }
        let (post, attendee, join) = (self.post, self.attendee, known.uri.clone());
        let answer = if self.accepted {
            self.let_in(desk, &known)?;
            Activity::JoinAccepted {
                post,
                attendee,
                join,
            }
        } else {
            self.turn_away(desk, &known)?;
            Activity::JoinRejected {
                post,
                attendee,
                join,
            }
        };
        if !object::is_local(desk, attendee)? {
            let entry = Entry::new(subject.author, None, answer, post.0);
            desk.record(entry.to([attendee]));
        }
        tell(desk, self.post, self.attendee, subject.author)
    }
}

impl AnswerAttendee {
    fn let_in(&self, desk: &mut Desk<'_>, known: &Attendance) -> Result<(), Refusal> {
        if !events::take_seat(desk.db, self.post)? {
            return Err(super::attend::full());
        }
        let accepted = Attendance {
            accepted: true,
            ..known.clone()
        };
        let (post, attendee) = (self.post, self.attendee);
        Ok(events::upsert_attendance(
            desk.db, post, attendee, &accepted, desk.now,
        )?)
    }

    fn turn_away(&self, desk: &mut Desk<'_>, known: &Attendance) -> Result<(), Refusal> {
        events::delete_attendance(desk.db, self.post, self.attendee)?;
        if known.accepted {
            events::free_seat(desk.db, self.post)?;
        }
        Ok(())
    }
}

/// The organiser of an event elsewhere, who calls, lets a member of this hub in or turns them away.
#[derive(Clone, Debug)]
pub(crate) struct ReceiveJoinAnswer {
    /// The post that announces it.
    pub(crate) post: PostId,
    /// Who asked.
    pub(crate) attendee: ActorId,
    /// Whether they may come.
    pub(crate) accepted: bool,
}

impl Operation for ReceiveJoinAnswer {
    type Output = ();
    const NAME: &'static str = "receive_join_answer";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let subject = desk.subject(ObjectId::Post(self.post))?;
        let caller = policy::require_actor(desk.caller)?;
        let decides = caller == subject.author || caller == subject.post.group;
        if !decides || subject.post.local {
            return Err(Refusal::forbidden(
                "event.organiser",
                "Only the organiser of an event says who comes.",
            ));
        }
        events::lock(desk.db, self.post)?;
        let Some(known) = events::find_attendance(desk.db, self.post, self.attendee)? else {
            return Err(Refusal::not_found(
                "event.attendee",
                "They do not want to come.",
            ));
        };
        if self.accepted && !known.accepted {
            let accepted = Attendance {
                accepted: true,
                ..known
            };
            let (post, attendee) = (self.post, self.attendee);
            events::upsert_attendance(desk.db, post, attendee, &accepted, desk.now)?;
            // Seats elsewhere are counted there; this is what is known until the next word of it.
            events::take_seat(desk.db, self.post)?;
        } else if !self.accepted {
            events::delete_attendance(desk.db, self.post, self.attendee)?;
            if known.accepted {
                events::free_seat(desk.db, self.post)?;
            }
        }
        tell(desk, self.post, self.attendee, subject.author)
    }
}

fn tell(desk: &mut Desk<'_>, post: PostId, attendee: ActorId, by: ActorId) -> Result<(), Refusal> {
    let object = ObjectId::Post(post);
    notice::tell(
        desk,
        NoticeKind::JoinAnswered,
        &[attendee],
        by,
        object.number(),
    )
}
