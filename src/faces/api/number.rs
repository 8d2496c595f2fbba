//! Numbers of posts and comments, as clients send them.

use schemars::JsonSchema;
use serde::Deserialize;

/// A number of a post or comment: a JSON number, or the same in a string.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(try_from = "NumberOrText")]
#[schemars(with = "i64")]
pub(super) struct Number(pub(super) i64);

#[derive(Deserialize)]
#[serde(untagged)]
enum NumberOrText {
    Number(i64),
    Text(String),
}

impl TryFrom<NumberOrText> for Number {
    type Error = &'static str;

    fn try_from(given: NumberOrText) -> Result<Self, Self::Error> {
        match given {
            NumberOrText::Number(number) => Ok(Self(number)),
            NumberOrText::Text(text) => text
                .parse()
                .map(Self)
                .map_err(|_no_number| "a number is expected"),
        }
    }
}
