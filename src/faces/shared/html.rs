//! Pages: the templates and texts of every language. A template is compiled when a page first needs it:
//! nobody meets all of them in all languages, and together they weigh 4 MiB.

use std::sync::Arc;

use fluent_bundle::{FluentArgs, FluentValue};
use minijinja::value::{Kwargs, Value, ValueKind};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, Output, escape_formatter};

use super::pictures::Pictures;
use crate::domain::clock::Ts;
use crate::text::fluent::Texts;
use crate::text::{language, number, plain};

/// A named source: a template, or the texts of a language.
pub(crate) type Source = (&'static str, &'static str);

/// Where a built-in file is, by its name.
pub(crate) type Files = fn(&str) -> Option<&'static str>;

/// Renders templates in every language there are texts for. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Pages {
    languages: Arc<Vec<Language>>,
    pictures: Pictures,
}

struct Language {
    code: &'static str,
    environment: Environment<'static>,
    texts: Arc<Texts>,
}

impl Pages {
    /// Takes what is built into the binary; tests show that all of it is sound.
    pub(crate) fn new(
        templates: &'static [Source],
        texts: &[Source],
        files: Files,
        pictures: Pictures,
    ) -> Self {
        let language = |&(code, source): &Source| {
            let texts = Arc::new(Texts::new(code, source));
            let environment = environment(templates, &texts, files);
            Language {
                code,
                environment,
                texts,
            }
        };
        Self {
            languages: Arc::new(texts.iter().map(language).collect()),
            pictures,
        }
    }

    /// The languages there are texts for.
    pub(crate) fn languages(&self) -> impl Iterator<Item = &'static str> {
        self.languages.iter().map(|language| language.code)
    }

    /// Fills a template. Whatever pictures it names, a page finds them on this hub: no other
    /// server learns who reads it.
    ///
    /// # Errors
    /// If the template does not fit the model: a fault of this house.
    pub(crate) fn render(
        &self,
        language: &str,
        template: &str,
        model: Value,
    ) -> Result<String, Error> {
        let language = self.language(language)?;
        let text = language.environment.get_template(template)?.render(model)?;
        if template.rsplit('.').next() == Some("html") {
            return Ok(self.pictures.within(&text));
        }
        Ok(text)
    }

    /// A text without arguments, if the language has it.
    pub(crate) fn text(&self, language: &str, key: &str) -> Option<String> {
        self.language(language).ok()?.texts.find(key, None)
    }

    /// A text that is told something, if the language has it.
    pub(crate) fn told(&self, language: &str, key: &str, name: &str, what: &str) -> Option<String> {
        let mut arguments = FluentArgs::new();
        arguments.set(name, what);
        self.language(language)
            .ok()?
            .texts
            .find(key, Some(&arguments))
    }

    fn language(&self, code: &str) -> Result<&Language, Error> {
        self.languages
            .iter()
            .find(|language| language.code == code)
            .or_else(|| self.languages.first())
            .ok_or_else(|| Error::new(ErrorKind::InvalidOperation, "there are no texts"))
    }
}

/// What does not compile of these templates.
#[cfg(test)]
pub(crate) fn broken(templates: &'static [Source]) -> Vec<String> {
    let environment = environment(templates, &Arc::new(Texts::new("en", "")), |_| None);
    let compile = |(name, _): &Source| environment.get_template(name).err();
    let faults = templates.iter().filter_map(compile);
    faults.map(|fault| fault.to_string()).collect()
}

fn environment(
    templates: &'static [Source],
    texts: &Arc<Texts>,
    files: Files,
) -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_trim_blocks(true);
    environment.set_lstrip_blocks(true);
    environment.set_formatter(|out, state, value| match value.as_str() {
        Some(text) if !value.is_safe() && state.auto_escape() == AutoEscape::Html => {
            escape(out, text)
        }
        _ => escape_formatter(out, state, value),
    });
    environment.set_loader(|wanted| {
        let found = templates.iter().find(|(name, _)| *name == wanted);
        Ok(found.map(|(_, source)| (*source).to_owned()))
    });
    let own = Arc::clone(texts);
    environment.add_function(
        "t",
        move |key: &str, kwargs: Kwargs| -> Result<String, Error> {
            Ok(own.say(key, &arguments(&kwargs)?))
        },
    );
    let own = Arc::clone(texts);
    environment.add_function("ago", move |state: &minijinja::State<'_, '_>, at: i64| {
        ago(&own, now(state), at)
    });
    let own = Arc::clone(texts);
    environment.add_function("date", move |at: i64| date(&own, at));
    let own = Arc::clone(texts);
    environment.add_function("day", move |at: i64| day(&own, at));
    let own = Arc::clone(texts);
    environment.add_function("moment", move |at: i64| moment(&own, at));
    let own = Arc::clone(texts);
    environment.add_function("foreign", move |tag: Option<String>| {
        foreign(&own, tag.as_deref().unwrap_or_default())
    });
    let joint = if number::with_points(texts.code()) {
        '.'
    } else {
        ','
    };
    environment.add_filter("grouped", move |number: i64| number::grouped(number, joint));
    environment.add_function("iso", |at: i64| Ts(at).rfc3339());
    environment.add_function("path_of", move |name: &str| files(name));
    environment.add_function("icon", move |name: &str| icon(files, name));
    environment
}

/// A picture of the sheet of icons; what it means stands beside it in words.
fn icon(files: Files, name: &str) -> Value {
    let sheet = files("icons.svg").unwrap_or_default();
    Value::from_safe_string(format!(
        r#"<svg class="glyph" aria-hidden="true"><use href="{sheet}#{name}"/></svg>"#
    ))
}

/// Escapes for text and quoted attributes; slashes stay, so that addresses remain readable.
fn escape(out: &mut Output<'_>, text: &str) -> Result<(), Error> {
    let mut rest = text;
    while let Some((at, entity)) = rest
        .char_indices()
        .find_map(|(at, c)| Some((at, entity(c)?)))
    {
        let (plain, special) = rest.split_at(at);
        out.write_str(plain)?;
        out.write_str(entity)?;
        rest = special.get(1..).unwrap_or_default();
    }
    Ok(out.write_str(rest)?)
}

fn entity(c: char) -> Option<&'static str> {
    match c {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        '"' => Some("&quot;"),
        '\'' => Some("&#39;"),
        _ => None,
    }
}

/// What a text is told; a moment `at` is taken apart for it.
fn arguments<'a>(kwargs: &Kwargs) -> Result<FluentArgs<'a>, Error> {
    let mut arguments = FluentArgs::new();
    for name in kwargs.args() {
        if name == "at" {
            add_pieces(&mut arguments, kwargs.get(name)?);
            continue;
        }
        let value: Value = kwargs.get(name)?;
        let value = match (value.kind(), i64::try_from(value.clone())) {
            (ValueKind::Number, Ok(number)) => FluentValue::from(number),
            _ => FluentValue::from(value.to_string()),
        };
        arguments.set(name.to_owned(), value);
    }
    Ok(arguments)
}

fn now(state: &minijinja::State<'_, '_>) -> i64 {
    let frame = state.lookup("frame").unwrap_or_default();
    let now = frame.get_attr("now").unwrap_or_default();
    i64::try_from(now).unwrap_or(0)
}

/// How long ago, in the largest unit that fits; a date after a month.
fn ago(texts: &Texts, now: i64, at: i64) -> String {
    let minutes = now.saturating_sub(at).max(0) / 60_000_000;
    let (key, count) = match minutes {
        0 => return texts.say("ago-now", &FluentArgs::new()),
        1..60 => ("ago-minutes", minutes),
        60..1_440 => ("ago-hours", minutes / 60),
        1_440..43_200 => ("ago-days", minutes / 1_440),
        _ => return day(texts, at),
    };
    let mut arguments = FluentArgs::new();
    arguments.set("count", count);
    texts.say(key, &arguments)
}

/// A day as the language writes it.
fn day(texts: &Texts, at: i64) -> String {
    texts.say("date-day", &pieces(at))
}

/// A moment, to the minute, in UTC.
fn date(texts: &Texts, at: i64) -> String {
    texts.say("date-moment", &pieces(at))
}

/// The same as an element; a script tells it in the reader's own zone.
fn moment(texts: &Texts, at: i64) -> Value {
    let (iso, said) = (Ts(at).rfc3339(), plain::escape(&date(texts, at)));
    Value::from_safe_string(format!(r#"<time datetime="{iso}" data-own>{said}</time>"#))
}

/// The name of a language, if it is another than that of the page.
fn foreign(texts: &Texts, tag: &str) -> Option<String> {
    let (code, own) = (language::primary(tag), language::primary(texts.code()));
    if matches!(code, "" | "und" | "mul" | "zxx") || code == own {
        return None;
    }
    let mut arguments = FluentArgs::new();
    arguments.set("code", code);
    Some(texts.say("language-of", &arguments))
}

fn pieces(at: i64) -> FluentArgs<'static> {
    let mut arguments = FluentArgs::new();
    add_pieces(&mut arguments, at);
    arguments
}

/// A moment in pieces, in UTC; weekdays count from Monday, which is 1.
fn add_pieces(arguments: &mut FluentArgs<'_>, at: i64) {
    let text = Ts(at).rfc3339();
    let piece = |from: usize, to: usize| text.get(from..to).unwrap_or_default().to_owned();
    let number = |from: usize, to: usize| piece(from, to).parse::<i64>().unwrap_or(0);
    // The first day of 1970 was a Thursday.
    let weekday = (at.div_euclid(24 * 3_600_000_000) + 3).rem_euclid(7) + 1;
    arguments.set("year", piece(0, 4));
    arguments.set("month", number(5, 7));
    arguments.set("day", number(8, 10));
    arguments.set("weekday", weekday);
    arguments.set("time", piece(11, 16));
}
