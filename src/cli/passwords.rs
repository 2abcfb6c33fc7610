//! Where passwords come from: `pass:TEXT`, `env:NAME`, `file:PATH`, `fd:N`, `stdin`, `prompt` (the forms of openssl-passphrase-options(1)).

use super::Ui;
use crate::error::{Error, Kind, Result};
use crate::pki::{Password, Passwords};
use std::cell::RefCell;
use std::convert::Infallible;
use std::fs::File;
use std::io::Read;
use std::path::PathBuf;
use zeroize::Zeroizing;

/// The longest line that is taken for a password.
const MAX_LENGTH: usize = 64 << 10;
/// The variable that stands for `--password`.
const VARIABLE: &str = "MTLS_PASSWORD";
const FORMS: &str = "write it as pass:TEXT, env:NAME, file:PATH, fd:N, stdin or prompt";

/// One SOURCE of the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// The text itself.
    Text(Password),
    /// An environment variable.
    Variable(String),
    /// The first line of a file.
    File(PathBuf),
    /// The next line of an open file descriptor.
    Descriptor(u32),
    /// The next line of standard input.
    Stdin,
    /// A question on the terminal.
    Prompt,
    /// None of these. It is refused only in [`Keyring::new`]: clap would repeat the text, which may be a password.
    Unknown,
}

impl Source {
    /// Reads a SOURCE; never fails, see [`Source::Unknown`].
    pub fn parse(text: &str) -> Result<Source, Infallible> {
        Ok(match text.split_once(':') {
            Some(("pass", text)) => Source::Text(Password::new(text)),
            Some(("env", name)) if !name.is_empty() => Source::Variable(name.to_owned()),
            Some(("file", path)) if !path.is_empty() => Source::File(path.into()),
            Some(("fd", n)) => n.parse().map_or(Source::Unknown, Source::Descriptor),
            _ if text == "stdin" => Source::Stdin,
            _ if text == "prompt" => Source::Prompt,
            _ => Source::Unknown,
        })
    }

    /// The password; `None` for [`Source::Prompt`], which is asked for when it is needed.
    fn fetch(&self, option: &str, ui: &Ui) -> Result<Option<Password>> {
        let nothing =
            |place: String, why: String| Error::new(Kind::Usage, format!("{option}: no password in {place}"), FORMS).because(why);
        Ok(Some(match self {
            Source::Text(password) => password.clone(),
            Source::Variable(name) => match ui.variable(name) {
                Some(text) => Password::new(text),
                None => return Err(nothing(format!("the variable {name}"), "it is not set, or not UTF-8".to_owned())),
            },
            Source::File(path) => File::open(path)
                .map_err(|e| os_words(&e))
                .and_then(|file| first_line(file))
                .map_err(|why| nothing(path.display().to_string(), why))?,
            // /dev/fd opens the descriptor again without unsafe code, on Linux, macOS and the BSDs
            Source::Descriptor(n) => File::open(format!("/dev/fd/{n}"))
                .map_err(|e| os_words(&e))
                .and_then(|file| first_line(file))
                .map_err(|why| nothing(format!("descriptor {n}"), why))?,
            Source::Stdin => first_line(std::io::stdin().lock()).map_err(|why| nothing("standard input".to_owned(), why))?,
            Source::Prompt => return Ok(None),
            Source::Unknown => {
                return Err(Error::new(Kind::Usage, format!("{option}: the value says not where the password is"), FORMS));
            }
        }))
    }
}

/// What the system says, without its error number.
fn os_words(e: &std::io::Error) -> String {
    match e.kind() {
        std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
        std::io::ErrorKind::PermissionDenied => "this user may not read it".to_owned(),
        kind => kind.to_string(),
    }
}

/// The text up to the first line break. Reads byte by byte, so that what follows is left for the next reader.
fn first_line(mut from: impl Read) -> Result<Password, String> {
    let mut line = Zeroizing::new(Vec::with_capacity(256));
    let mut byte = [0u8];
    loop {
        match from.read(&mut byte) {
            Ok(0) if line.is_empty() => return Err("it is empty".to_owned()),
            Ok(0) => break,
            Ok(_) if byte == *b"\n" => break,
            Ok(_) if line.len() == MAX_LENGTH => return Err("its first line is over 64 KiB".to_owned()),
            Ok(_) => line.push(byte[0]),
            Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
            Err(e) => return Err(os_words(&e)),
        }
    }
    let line = line.strip_suffix(b"\r").unwrap_or(&line);
    std::str::from_utf8(line).map(Password::new).map_err(|_| "it is not UTF-8 text".to_owned())
}

/// The passwords to try, fetched, and whom to ask when none fits.
pub struct Keyring {
    store: Vec<Password>,
    key: Vec<Password>,
    ask: Option<Box<dyn Fn(&str) -> Option<Password>>>,
}

impl Keyring {
    /// Fetches what `store` and `key` name; see [`super::args::PasswordArgs`] for the order.
    pub(super) fn new(store: &[Source], key: &[Source], ui: &Ui) -> Result<Keyring> {
        let asks = |sources: &[Source]| sources.contains(&Source::Prompt);
        if (asks(store) || asks(key)) && ui.prompt().is_none() {
            return Err(no_terminal());
        }
        let fetch = |sources: &[Source], option: &str| -> Result<Vec<Password>> {
            sources.iter().filter_map(|s| s.fetch(option, ui).transpose()).collect()
        };
        let may_ask = store.is_empty() || asks(store) || asks(key);
        let passwords = match (store, ui.variable(VARIABLE)) {
            ([], Some(text)) => vec![Password::new(text)],
            ([], None) => vec![Password::empty(), Password::new("changeit")],
            _ => fetch(store, "--password")?,
        };
        Ok(Keyring {
            store: passwords,
            key: fetch(key, "--key-password")?,
            ask: ui.prompt().filter(|_| may_ask).map(remembering),
        })
    }

    /// The same in the form that readers take.
    pub fn passwords(&self) -> Passwords<'_> {
        let passwords = Passwords::new(self.store.clone(), self.key.clone());
        match &self.ask {
            Some(ask) => passwords.asking(ask.as_ref()),
            None => passwords,
        }
    }
}

/// Asks once for several stores under one password: the last answer is given to the next store before a person is asked again.
fn remembering(prompt: super::ui::Prompt) -> Box<dyn Fn(&str) -> Option<Password>> {
    let last: RefCell<(String, Option<Password>)> = RefCell::default();
    Box::new(move |what| {
        let mut last = last.borrow_mut();
        let is_another = last.0 != what;
        what.clone_into(&mut last.0);
        if is_another && last.1.is_some() {
            return last.1.clone();
        }
        let answer = prompt(&format!("password of {}: ", crate::safe::Safe(what)))?;
        last.1 = Some(answer.clone());
        Some(answer)
    })
}

/// The password for stores that are written: `source`, else `MTLS_PASSWORD`, else `changeit`.
pub(super) fn to_write(source: Option<&Source>, ui: &Ui) -> Result<Password> {
    let Some(source) = source else {
        return Ok(Password::new(ui.variable(VARIABLE).unwrap_or_else(|| "changeit".to_owned())));
    };
    if let Some(password) = source.fetch("--password", ui)? {
        return Ok(password);
    }
    let prompt = ui.prompt().ok_or_else(no_terminal)?;
    let given_up = || Error::new(Kind::Usage, "no password was given", FORMS);
    let first = prompt("new password: ").ok_or_else(given_up)?;
    match prompt("once more: ").ok_or_else(given_up)? {
        second if second == first => Ok(first),
        _ => Err(Error::new(Kind::Usage, "the two passwords differ", "run the command again and type the same one twice")),
    }
}

fn no_terminal() -> Error {
    Error::new(
        Kind::Usage,
        "there is no terminal to ask for the password on",
        "give it with --password env:NAME, file:PATH or stdin",
    )
}
