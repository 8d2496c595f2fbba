//! The hub's own rows, made at its first start: its place among the instances, and its actor.

use super::{Birth, Keys, bear};
use crate::domain::actor::ActorKind;
use crate::domain::ids::{ActorId, LOCAL_INSTANCE};
use crate::domain::refusal::{Kind, Refusal};
use crate::operations::{Desk, Operation};
use crate::store::{actors, instances};

/// Makes the instance actor, if there is none yet; gives back its id in any case.
///
/// Refuses a database that was begun under another domain: every id in it would be wrong.
pub(crate) struct FoundHub {
    /// The key pair, used only if the actor is new.
    pub(crate) keys: Keys,
}

impl Operation for FoundHub {
    type Output = ActorId;
    const NAME: &'static str = "found_hub";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<ActorId, Refusal> {
        let names = desk.names;
        if let Some(known) = instances::find(desk.db, LOCAL_INSTANCE)?
            && known.host != names.host()
        {
            return Err(moved(&known.host, names.host()));
        }
        // Writing this row first lets a second process wait until the first is done.
        instances::ensure_local(desk.db, names.host(), desk.now)?;
        if let Some(actor) = actors::find_by_uri(desk.db, names.instance().as_str())? {
            return Ok(actor.id);
        }
        let birth = Birth {
            kind: ActorKind::Application,
            name: names.host(),
            title: desk.settings.instance.name.clone(),
            summary_html: String::new(),
            summary_source: None,
            keys: &self.keys,
        };
        Ok(bear(desk, birth)?.id)
    }
}

fn moved(before: &str, now: &str) -> Refusal {
    Refusal::new(
        Kind::Conflict,
        "hub.moved",
        format!(
            "The database belongs to the hub {before}, but the settings say {now}. Set \
             instance.domain to \"{before}\" again, or begin with an empty database."
        ),
    )
}
