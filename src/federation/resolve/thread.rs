//! The ancestors of an answer: up to the first that is known, or to the post that started it all.

use std::collections::HashSet;

use crate::domain::refusal::Refusal;
use crate::store::traces::Trace;

use super::super::wire;
use super::Resolver;

/// What stands between an answer and what is known.
#[derive(Debug)]
pub(in crate::federation) struct Ancestors {
    /// The first ancestor that is stored; `None` if the chain ended before one was found.
    pub(in crate::federation) known: Option<Trace>,
    /// What is missing below it, the nearest to the answer first.
    pub(in crate::federation) missing: Vec<wire::Object>,
    /// Whether the chain was climbed to its end, or to something known.
    pub(in crate::federation) complete: bool,
}

impl Resolver<'_> {
    /// Climbs from this id upwards (federation.md 4.0.5), fetching what is missing within the budget
    /// of the job and no more levels than `intake.ancestors`. What is
    /// gone or unusable ends the chain; cycles are cut (security.md H118, H119).
    pub(in crate::federation) async fn ancestors(&self, uri: &str) -> Result<Ancestors, Refusal> {
        let highest = usize::from(self.federation.settings().intake.ancestors);
        let mut missing: Vec<wire::Object> = Vec::new();
        let mut visited = HashSet::new();
        let mut next = Some(uri.to_owned());
        while let Some(uri) = next.take() {
            if let Some(known) = self.known_object(&uri).await? {
                return Ok(Ancestors {
                    known: Some(known),
                    missing,
                    complete: true,
                });
            }
            let foreign = !self.federation.names().is_local(&uri);
            if !foreign || missing.len() >= highest || !visited.insert(uri.clone()) {
                return Ok(Ancestors {
                    known: None,
                    missing,
                    complete: false,
                });
            }
            let object = match self.named_object(&uri).await {
                Ok(object) if !object.is_tombstone() => object,
                Err(refusal) if refusal.is_passing() => return Err(refusal),
                _ => {
                    return Ok(Ancestors {
                        known: None,
                        missing,
                        complete: false,
                    });
                }
            };
            next.clone_from(&object.in_reply_to);
            missing.push(object);
        }
        Ok(Ancestors {
            known: None,
            missing,
            complete: true,
        })
    }
}
