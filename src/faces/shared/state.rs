//! The floor's context: what every handler works with.

use std::sync::Arc;

use crate::domain::names::Names;
use crate::domain::refusal::Refusal;
use crate::federation::Federation;
use crate::operations::Operations;
use crate::settings::Settings;
use crate::store::{Db, StoreError};

use super::html::Pages;

/// What every handler works with. Cheap to clone.
#[derive(Clone)]
pub(crate) struct State {
    /// The floor beneath.
    pub(crate) federation: Federation,
    /// Templates and texts.
    pub(crate) pages: Pages,
}

impl State {
    /// The floor over federation.
    pub(crate) fn new(federation: Federation, pages: Pages) -> Self {
        Self { federation, pages }
    }

    /// Where operations run.
    pub(crate) fn operations(&self) -> &Operations {
        &self.federation.operations
    }

    /// The settings in force.
    pub(crate) fn settings(&self) -> Arc<Settings> {
        self.federation.settings()
    }

    /// The hub's own addresses.
    pub(crate) fn names(&self) -> &Names {
        self.federation.names()
    }

    /// Runs views in one snapshot of the store.
    ///
    /// # Errors
    /// What the views say, or that the store cannot be read now.
    pub(crate) async fn read<T, E>(
        &self,
        views: impl FnOnce(&mut Db) -> Result<T, E> + Send + 'static,
    ) -> Result<T, Refusal>
    where
        T: Send + 'static,
        E: From<StoreError> + Into<Refusal> + Send + 'static,
    {
        self.operations().store.read(views).await.map_err(Into::into)
    }
}
