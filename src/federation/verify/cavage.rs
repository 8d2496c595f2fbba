//! draft-cavage-http-signatures-12, as the fediverse uses it.

use super::{
    Algorithm, MOST_COVERED, Presented, Rejected, Request, Scheme, read_signature, seconds,
};

/// The most parameters of a signature header.
const MOST_PARAMETERS: usize = 16;

/// The parameters that mean something to us.
#[derive(Default)]
struct Parameters<'a> {
    key_id: Option<&'a str>,
    signature: Option<&'a str>,
    headers: Option<&'a str>,
    algorithm: Option<&'a str>,
    created: Option<&'a str>,
    expires: Option<&'a str>,
}

/// Reads a `Signature` header and makes the strings that may have been signed.
pub(super) fn parse(request: &Request<'_>, text: &str) -> Result<Presented, Rejected> {
    let parameters = Parameters::read(text)?;
    let key_id_text = parameters.key_id.ok_or(Rejected::Malformed)?;
    let signature = read_signature(parameters.signature.ok_or(Rejected::Malformed)?)?;
    let key_id = request.key_id(key_id_text)?;
    let (algorithm, may_use_created) = algorithm(parameters.algorithm)?;
    let names = names(
        parameters
            .headers
            .ok_or(Rejected::Uncovered("(request-target)"))?,
    )?;
    let covers = |name: &str| names.iter().any(|covered| covered == name);
    if covers("(created)") && !may_use_created {
        return Err(Rejected::Algorithm);
    }
    for needed in ["(request-target)", "host"] {
        if !covers(needed) {
            return Err(Rejected::Uncovered(needed));
        }
    }
    check_times(request, &parameters, &covers)?;
    let claims = request.claims(covers)?;
    let targets = request.targets();
    let bases = targets
        .iter()
        .map(|target| base(request, &parameters, &names, target))
        .collect::<Result<_, _>>()?;
    let key_id_text = key_id_text.to_owned();
    Ok(Presented {
        key_id,
        key_id_text,
        scheme: Scheme::Cavage,
        nonce: None,
        algorithm,
        signature,
        bases,
        claims,
    })
}

impl<'a> Parameters<'a> {
    /// Reads `name="value"` and `name=value`, parted by commas. Repeated names are refused, unknown ones ignored.
    fn read(text: &'a str) -> Result<Self, Rejected> {
        let mut parameters = Self::default();
        let mut rest = text.trim_start_matches([' ', '\t']);
        let mut count = 0;
        while !rest.is_empty() {
            count += 1;
            let (name, after) = rest.split_once('=').ok_or(Rejected::Malformed)?;
            let (value, after) = match after.strip_prefix('"') {
                Some(quoted) => quoted.split_once('"').ok_or(Rejected::Malformed)?,
                None => after
                    .find(',')
                    .and_then(|end| after.split_at_checked(end))
                    .unwrap_or((after, "")),
            };
            let sound = count <= MOST_PARAMETERS
                && !value.contains('\\')
                && name
                    .trim_end()
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
            if !sound {
                return Err(Rejected::Malformed);
            }
            parameters.set(name.trim_end(), value.trim())?;
            let after = after.trim_start_matches([' ', '\t']);
            rest = match after.strip_prefix(',') {
                Some(next) => next.trim_start_matches([' ', '\t']),
                None if after.is_empty() => after,
                None => return Err(Rejected::Malformed),
            };
        }
        Ok(parameters)
    }

    fn set(&mut self, name: &str, value: &'a str) -> Result<(), Rejected> {
        let field = match name {
            "keyId" => &mut self.key_id,
            "signature" => &mut self.signature,
            "headers" => &mut self.headers,
            "algorithm" => &mut self.algorithm,
            "created" => &mut self.created,
            "expires" => &mut self.expires,
            _ => return Ok(()),
        };
        if field.replace(value).is_some() {
            Err(Rejected::Malformed)
        } else {
            Ok(())
        }
    }
}

/// The algorithm, and whether `(created)` may be used with it (section 2.3 of the draft).
fn algorithm(name: Option<&str>) -> Result<(Algorithm, bool), Rejected> {
    match name.map(str::to_ascii_lowercase).as_deref() {
        None | Some("hs2019") => Ok((Algorithm::Derived, true)),
        Some("rsa-sha256") => Ok((Algorithm::RsaSha256, false)),
        Some("rsa-sha512") => Ok((Algorithm::RsaSha512, false)),
        Some("ed25519") => Ok((Algorithm::Ed25519, true)),
        Some(_) => Err(Rejected::Algorithm),
    }
}

/// The signed names in lower case, each once.
fn names(list: &str) -> Result<Vec<String>, Rejected> {
    let names: Vec<String> = list
        .split_ascii_whitespace()
        .take(MOST_COVERED + 1)
        .map(str::to_ascii_lowercase)
        .collect();
    let repeated = names
        .iter()
        .enumerate()
        .any(|(at, name)| names.iter().skip(at + 1).any(|other| other == name));
    if repeated || names.len() > MOST_COVERED {
        Err(Rejected::Malformed)
    } else {
        Ok(names)
    }
}

/// Signed times must lie within the window; unsigned ones count for nothing but must be readable.
fn check_times(
    request: &Request<'_>,
    parameters: &Parameters<'_>,
    covers: &impl Fn(&str) -> bool,
) -> Result<(), Rejected> {
    let created = parameters.created.map(seconds).transpose()?;
    let expires = parameters.expires.map(seconds).transpose()?;
    let expires = if covers("(expires)") {
        Some(expires.ok_or(Rejected::Absent)?)
    } else {
        None
    };
    if covers("(created)") {
        request.judge(created.ok_or(Rejected::Absent)?, expires)?;
    }
    if covers("date") {
        request.judge(request.date()?, expires)?;
    }
    if covers("(created)") || covers("date") {
        Ok(())
    } else {
        Err(Rejected::Uncovered("the date"))
    }
}

/// The string that was signed, for one target.
fn base(
    request: &Request<'_>,
    parameters: &Parameters<'_>,
    names: &[String],
    target: &str,
) -> Result<Vec<u8>, Rejected> {
    let mut base = Vec::with_capacity(512);
    for name in names {
        if !base.is_empty() {
            base.push(b'\n');
        }
        base.extend_from_slice(name.as_bytes());
        base.extend_from_slice(b": ");
        match name.as_str() {
            "(request-target)" => {
                base.extend_from_slice(request.method.as_str().to_ascii_lowercase().as_bytes());
                base.push(b' ');
                base.extend_from_slice(target.as_bytes());
            }
            "(created)" => {
                base.extend_from_slice(parameters.created.ok_or(Rejected::Absent)?.as_bytes());
            }
            "(expires)" => {
                base.extend_from_slice(parameters.expires.ok_or(Rejected::Absent)?.as_bytes());
            }
            header => base.extend_from_slice(request.single(header)?),
        }
    }
    Ok(base)
}
