//! Lists over all groups of the hub, or of one, of what is in one of two states.

use serde::Deserialize;

use super::call::Parameter;
use super::find::known_group;
use crate::domain::ids::ActorId;
use crate::domain::refusal::Refusal;
use crate::faces::shared::State;

/// Which group.
pub(super) const GROUP: Parameter = Parameter {
    name: "group",
    schema: "string",
    about: "A group's `name`, or `name@host`; without it, those of all",
};

/// What is asked for.
#[derive(Deserialize)]
pub(super) struct Wanted {
    state: Option<String>,
    group: Option<String>,
}

impl Wanted {
    /// Whether the second of two states is asked for rather than the first, which is the usual one.
    ///
    /// # Errors
    /// If it is neither.
    pub(super) fn is_second(&self, [first, second]: [&str; 2]) -> Result<bool, Refusal> {
        match self.state.as_deref() {
            None => Ok(false),
            Some(state) if state == first => Ok(false),
            Some(state) if state == second => Ok(true),
            Some(_) => {
                let sentence = format!("state must be {first} or {second}.");
                Err(Refusal::invalid("state", "state.unknown", sentence))
            }
        }
    }

    /// The group that is asked for; `None`: all of them.
    ///
    /// # Errors
    /// If this hub knows no such group.
    pub(super) async fn group(&self, state: &State) -> Result<Option<ActorId>, Refusal> {
        match &self.group {
            Some(name) => Ok(Some(known_group(state, name).await?.id)),
            None => Ok(None),
        }
    }
}
