//! The texts of one language, as Fluent has them.

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};

/// The texts of one language.
pub(crate) struct Texts(FluentBundle<FluentResource>);

impl Texts {
    /// Reads what is built into the binary; tests show that all of it is sound.
    pub(crate) fn new(code: &str, source: &str) -> Self {
        let locale = code
            .parse()
            .expect("the codes of the texts are language tags");
        let mut bundle = FluentBundle::new_concurrent(vec![locale]);
        // Invisible marks around arguments would end up in attributes.
        bundle.set_use_isolating(false);
        let resource = match FluentResource::try_new(source.to_owned()) {
            Ok(resource) | Err((resource, _)) => resource,
        };
        bundle.add_resource_overriding(resource);
        Self(bundle)
    }

    /// A text, if the language has it.
    pub(crate) fn find(&self, key: &str, arguments: Option<&FluentArgs<'_>>) -> Option<String> {
        let pattern = self.0.get_message(key)?.value()?;
        let mut errors = Vec::new();
        Some(
            self.0
                .format_pattern(pattern, arguments, &mut errors)
                .into_owned(),
        )
    }

    /// A text; its key, where the language lacks it.
    pub(crate) fn say(&self, key: &str, arguments: &FluentArgs<'_>) -> String {
        self.find(key, Some(arguments))
            .unwrap_or_else(|| key.to_owned())
    }
}
