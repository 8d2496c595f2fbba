//! HTTP Message Signatures (RFC 9421), with the components that a request to us can have.

use super::{
    Algorithm, MOST_COVERED, Presented, Rejected, Request, SIGNATURE, Scheme, bare, read_signature,
    seconds,
};

/// The most signatures of one request that are looked at; with more it is refused.
const MOST_LABELS: usize = 3;
/// The most parameters of one signature.
const MOST_PARAMETERS: usize = 16;

/// One member of `Signature-Input`.
#[derive(Default)]
struct Input<'a> {
    label: &'a str,
    components: Vec<&'a str>,
    /// The inner list with its parameters as it was sent: the last line of what is signed.
    text: &'a str,
    key_id: Option<&'a str>,
    algorithm: Option<&'a str>,
    created: Option<&'a str>,
    expires: Option<&'a str>,
    nonce: Option<&'a str>,
}

/// Reads `Signature-Input` and `Signature`, and takes the first signature that could be accepted.
pub(super) fn parse(request: &Request<'_>, input: &str) -> Result<Presented, Rejected> {
    let inputs = read_inputs(input)?;
    let signatures = request
        .single(SIGNATURE.as_str())
        .map_err(|_absent| Rejected::Malformed)?;
    let signatures = std::str::from_utf8(signatures).map_err(|_not_text| Rejected::Malformed)?;
    let mut first = Err(Rejected::Malformed);
    for (place, input) in inputs.iter().enumerate() {
        let presented = present(request, input, signatures);
        if presented.is_ok() {
            return presented;
        }
        if place == 0 {
            first = presented;
        }
    }
    first
}

fn present(
    request: &Request<'_>,
    input: &Input<'_>,
    signatures: &str,
) -> Result<Presented, Rejected> {
    let key_id_text = input.key_id.ok_or(Rejected::Malformed)?;
    let key_id = request.key_id(key_id_text)?;
    let algorithm = algorithm(input.algorithm)?;
    check_coverage(request, input)?;
    let created = seconds(input.created.ok_or(Rejected::Uncovered("created"))?)?;
    request.judge(created, input.expires.map(seconds).transpose()?)?;
    let claims = request.claims(|name| input.covers(name))?;
    let signature = read_signature(signature_of(input.label, signatures)?)?;
    let targets = request.targets();
    let bases = targets
        .iter()
        .map(|target| base(request, input, target))
        .collect::<Result<_, _>>()?;
    let key_id_text = key_id_text.to_owned();
    Ok(Presented {
        key_id,
        key_id_text,
        scheme: Scheme::Rfc9421,
        nonce: input.nonce.map(str::to_owned),
        algorithm,
        signature,
        bases,
        claims,
    })
}

impl Input<'_> {
    fn covers(&self, name: &str) -> bool {
        self.components.contains(&name)
    }
}

fn algorithm(name: Option<&str>) -> Result<Algorithm, Rejected> {
    match name {
        None => Ok(Algorithm::Derived),
        Some("rsa-v1_5-sha256") => Ok(Algorithm::RsaSha256),
        Some("rsa-v1_5-sha512") => Ok(Algorithm::RsaSha512),
        Some("rsa-pss-sha512") => Ok(Algorithm::RsaPssSha512),
        Some("ed25519") => Ok(Algorithm::Ed25519),
        Some(_) => Err(Rejected::Algorithm),
    }
}

/// Method, host and target must be signed; [`Request::claims`] demands the digest.
fn check_coverage(request: &Request<'_>, input: &Input<'_>) -> Result<(), Rejected> {
    let whole_query = !request.target.contains('?') || input.covers("@query");
    let target = input.covers("@request-target") || (input.covers("@path") && whole_query);
    let host = input.covers("@authority") || input.covers("host");
    if !input.covers("@method") {
        return Err(Rejected::Uncovered("@method"));
    }
    if input.covers("@target-uri") || (target && host) {
        return Ok(());
    }
    Err(Rejected::Uncovered("@target-uri"))
}

/// The signature with this label, still in base64.
fn signature_of<'a>(label: &str, signatures: &'a str) -> Result<&'a str, Rejected> {
    let mut found = None;
    for member in signatures.split(',').take(16) {
        let (name, value) = member.trim().split_once('=').ok_or(Rejected::Malformed)?;
        if name == label
            && found
                .replace(bare(value).ok_or(Rejected::Malformed)?)
                .is_some()
        {
            return Err(Rejected::Malformed);
        }
    }
    found.ok_or(Rejected::Malformed)
}

/// The signature base (section 2.5), for one target.
fn base(request: &Request<'_>, input: &Input<'_>, target: &str) -> Result<Vec<u8>, Rejected> {
    let mut base = Vec::with_capacity(512);
    for name in &input.components {
        base.push(b'"');
        base.extend_from_slice(name.as_bytes());
        base.extend_from_slice(b"\": ");
        if name.starts_with('@') {
            base.extend_from_slice(derived(request, name, target)?.as_bytes());
        } else {
            base.extend_from_slice(request.single(name)?);
        }
        base.push(b'\n');
    }
    base.extend_from_slice(b"\"@signature-params\": ");
    base.extend_from_slice(input.text.as_bytes());
    Ok(base)
}

/// A derived component (section 2.2).
fn derived(request: &Request<'_>, name: &str, target: &str) -> Result<String, Rejected> {
    let scheme = if request.ours.development {
        "http"
    } else {
        "https"
    };
    let query = target.split_once('?').map_or("", |(_, query)| query);
    Ok(match name {
        "@method" => request.method.as_str().to_owned(),
        "@target-uri" => format!("{scheme}://{}{target}", request.host),
        "@authority" => request.host.clone(),
        "@scheme" => scheme.to_owned(),
        "@path" => request.path().to_owned(),
        "@query" => format!("?{query}"),
        "@request-target" => target.to_owned(),
        _ => return Err(Rejected::Absent),
    })
}

/// Reads the dictionary of inner lists (RFC 9651) that `Signature-Input` is.
fn read_inputs(text: &str) -> Result<Vec<Input<'_>>, Rejected> {
    let mut reader = Reader {
        rest: text.trim_matches([' ', '\t']),
    };
    let mut inputs: Vec<Input<'_>> = Vec::new();
    loop {
        let input = reader.input()?;
        if inputs.len() >= MOST_LABELS || inputs.iter().any(|known| known.label == input.label) {
            return Err(Rejected::Malformed);
        }
        inputs.push(input);
        reader.space();
        if reader.rest.is_empty() {
            return Ok(inputs);
        }
        reader.expect(',')?;
        reader.space();
    }
}

/// Reads from the front of a header value.
struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn take(&mut self, fits: impl Fn(char) -> bool) -> &'a str {
        let end = self.rest.find(|c| !fits(c)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
        self.rest = rest;
        taken
    }

    fn space(&mut self) {
        self.take(|c| matches!(c, ' ' | '\t'));
    }

    fn accept(&mut self, sign: char) -> bool {
        let rest = self.rest.strip_prefix(sign);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn expect(&mut self, sign: char) -> Result<(), Rejected> {
        if self.accept(sign) {
            Ok(())
        } else {
            Err(Rejected::Malformed)
        }
    }

    fn key(&mut self) -> Result<&'a str, Rejected> {
        let key = self.take(|c| {
            c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-' | '.' | '*')
        });
        let sound =
            key.starts_with(|c: char| c.is_ascii_lowercase() || c == '*') && key.len() <= 64;
        if sound {
            Ok(key)
        } else {
            Err(Rejected::Malformed)
        }
    }

    /// A quoted string without escapes: nothing that we accept needs one.
    fn string(&mut self) -> Result<&'a str, Rejected> {
        self.expect('"')?;
        let text = self.take(|c| c != '"' && c != '\\' && (c == ' ' || c.is_ascii_graphic()));
        self.expect('"')?;
        Ok(text)
    }

    fn input(&mut self) -> Result<Input<'a>, Rejected> {
        let label = self.key()?;
        self.expect('=')?;
        let start = self.rest;
        let mut input = Input {
            label,
            components: self.components()?,
            ..Input::default()
        };
        let mut names: Vec<&str> = Vec::new();
        while self.accept(';') {
            self.take(|c| c == ' ');
            let name = self.key()?;
            if names.contains(&name) || names.len() >= MOST_PARAMETERS {
                return Err(Rejected::Malformed);
            }
            names.push(name);
            let value = if self.accept('=') { self.value()? } else { "" };
            match name {
                "keyid" => input.key_id = Some(value),
                "alg" => input.algorithm = Some(value),
                "created" => input.created = Some(value),
                "expires" => input.expires = Some(value),
                "nonce" => input.nonce = Some(value),
                _ => {}
            }
        }
        input.text = start
            .get(..start.len() - self.rest.len())
            .ok_or(Rejected::Malformed)?;
        Ok(input)
    }

    /// The covered components. Parameters such as `;req` or `;tr` are not accepted.
    fn components(&mut self) -> Result<Vec<&'a str>, Rejected> {
        self.expect('(')?;
        let mut components = Vec::new();
        loop {
            self.take(|c| c == ' ');
            if self.accept(')') {
                return Ok(components);
            }
            let name = self.string()?;
            let apart = self.rest.starts_with([' ', ')']);
            let lower =
                !name.is_empty() && !name.bytes().any(|b| b.is_ascii_uppercase() || b == b' ');
            if !apart || !lower || components.contains(&name) || components.len() >= MOST_COVERED {
                return Err(Rejected::Malformed);
            }
            components.push(name);
        }
    }

    /// A string, number, token, byte sequence or boolean; only its text matters.
    fn value(&mut self) -> Result<&'a str, Rejected> {
        if self.rest.starts_with('"') {
            return self.string();
        }
        let value =
            self.take(|c| c.is_ascii_graphic() && !matches!(c, ';' | ',' | '"' | '(' | ')'));
        if value.is_empty() {
            Err(Rejected::Malformed)
        } else {
            Ok(value)
        }
    }
}
