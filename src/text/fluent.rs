//! The texts of one language, as Fluent has them.

use std::sync::OnceLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

use super::number;

/// The texts of one language; they are read when somebody first needs one.
pub(crate) struct Texts {
    code: &'static str,
    source: &'static str,
    bundle: OnceLock<FluentBundle<FluentResource>>,
}

impl Texts {
    /// Takes what is built into the binary; tests show that all of it is sound.
    pub(crate) fn new(code: &'static str, source: &'static str) -> Self {
        let bundle = OnceLock::new();
        Self {
            code,
            source,
            bundle,
        }
    }

    fn read(&self) -> FluentBundle<FluentResource> {
        let locale = self
            .code
            .parse()
            .expect("the codes of the texts are language tags");
        let mut bundle = FluentBundle::new_concurrent(vec![locale]);
        // Invisible marks around arguments would end up in attributes.
        bundle.set_use_isolating(false);
        bundle.set_formatter(Some(if number::with_points(self.code) {
            pointed
        } else {
            commaed
        }));
        let resource = match FluentResource::try_new(self.source.to_owned()) {
            Ok(resource) | Err((resource, _)) => resource,
        };
        bundle.add_resource_overriding(resource);
        bundle
    }

    /// The tag of the language.
    pub(crate) fn code(&self) -> &'static str {
        self.code
    }

    /// A text, if the language has it.
    pub(crate) fn find(&self, key: &str, arguments: Option<&FluentArgs<'_>>) -> Option<String> {
        let bundle = self.bundle.get_or_init(|| self.read());
        let pattern = bundle.get_message(key)?.value()?;
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, arguments, &mut errors);
        Some(text.into_owned())
    }

    /// A text; its key, where the language lacks it.
    pub(crate) fn say(&self, key: &str, arguments: &FluentArgs<'_>) -> String {
        self.find(key, Some(arguments))
            .unwrap_or_else(|| key.to_owned())
    }
}

/// How numbers stand in texts that group them with points; Fluent takes no closure here.
fn pointed<M>(value: &FluentValue<'_>, _memoizer: &M) -> Option<String> {
    grouped(value, '.')
}

/// The same with commas.
fn commaed<M>(value: &FluentValue<'_>, _memoizer: &M) -> Option<String> {
    grouped(value, ',')
}

/// A whole number with its digits in groups; anything else is left to Fluent.
fn grouped(value: &FluentValue<'_>, joint: char) -> Option<String> {
    let FluentValue::Number(number) = value else {
        return None;
    };
    let text = number.as_string();
    let whole: i64 = text.parse().ok()?;
    Some(number::grouped(whole, joint))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stand_in_texts_as_the_language_writes_them() {
        let source = "members = { $count ->\n    [one] one\n   *[other] { $count } people\n}\n";
        for (code, count, text) in [
            ("en", 12_345, "12,345 people"),
            ("de", 12_345, "12.345 people"),
            ("de", 1, "one"),
        ] {
            let mut arguments = FluentArgs::new();
            arguments.set("count", count);
            assert_eq!(Texts::new(code, source).say("members", &arguments), text);
        }
    }
}
