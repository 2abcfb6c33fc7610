//! Where passwords come from: `pass:TEXT`, `env:NAME`, `file:PATH`, `fd:N`, `stdin`, `prompt` (the forms of openssl-passphrase-options(1)).

use super::Ui;
use super::ui::Prompt;
use crate::error::{Error, Kind, Result};
use crate::files;
use crate::pki::{Password, Passwords};
use crate::safe::shell_path;
use std::cell::RefCell;
use std::convert::Infallible;
use std::fs::File;
use std::io::Read;
use std::path::PathBuf;
use std::rc::Rc;
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
    /// None of these. It is refused only in `Keyring::new`: clap would repeat the text, which may be a password.
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

    /// As a word of a command to paste: a secret that was typed becomes a question.
    pub(super) fn pasted(&self) -> String {
        shell_path(&match self {
            Source::Variable(name) => format!("env:{name}"),
            Source::File(path) => format!("file:{}", path.display()),
            _ => "prompt".to_owned(),
        })
    }

    /// The password; `None` for [`Source::Prompt`], which is asked for when it is needed.
    fn fetch(&self, option: &str, ui: &Ui) -> Result<Option<Password>> {
        let nothing = |place: String, why: String| {
            let fix = match self {
                Source::Variable(name) => format!("set {name} and export it, or name another source: file:PATH or prompt"),
                Source::File(_) => {
                    "write the password into its first line, or name another source: env:NAME or prompt".to_owned()
                }
                _ => FORMS.to_owned(),
            };
            Error::new(Kind::Usage, format!("{option}: no password in {place}"), fix).because(why)
        };
        Ok(Some(match self {
            Source::Text(password) => password.clone(),
            Source::Variable(name) => match ui.variable(name) {
                Some(text) => Password::new(text),
                None => return Err(nothing(format!("the variable {name}"), "it is not set, or not UTF-8".to_owned())),
            },
            Source::File(path) => File::open(path)
                .map_err(|e| os_words(&e))
                .and_then(first_line)
                .map_err(|why| nothing(path.display().to_string(), why))?,
            // /dev/fd opens the descriptor again without unsafe code, on Linux, macOS and the BSDs
            Source::Descriptor(n) => File::open(format!("/dev/fd/{n}"))
                .map_err(|e| os_words(&e))
                .and_then(first_line)
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
    let mut line = Zeroizing::new(Vec::with_capacity(MAX_LENGTH)); // one that grows leaves copies behind
    let mut byte = [0u8];
    loop {
        match from.read(&mut byte) {
            Ok(0) if line.is_empty() => return Err("it is empty".to_owned()),
            Ok(0) => break,
            Ok(_) if byte == *b"\n" && unit_of_utf16(&line).is_none() => break,
            Ok(_) if line.len() == MAX_LENGTH => return Err("its first line is over 64 KiB".to_owned()),
            Ok(_) => line.push(byte[0]),
            Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
            Err(e) => return Err(os_words(&e)),
        }
        let last = line.len().checked_sub(2).filter(|at| at % 2 == 0).map(|at| [line[at], line[at + 1]]);
        if last.is_some_and(|pair| unit_of_utf16(&line).is_some_and(|unit| unit(pair) == u16::from(b'\n'))) {
            break;
        }
    }
    if let Some(unit) = unit_of_utf16(&line) {
        let text = from_utf16(&line[2..], unit).ok_or_else(|| "it is not UTF-16 text, though it begins so".to_owned())?;
        return Ok(Password::new(text.trim_end_matches(['\r', '\n'])));
    }
    let line = line.strip_suffix(b"\r").unwrap_or(&line);
    // Windows' editors put a byte order mark before UTF-8, which nobody sees and nobody means
    let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
    std::str::from_utf8(line).map(Password::new).map_err(|_| "it is not UTF-8 text".to_owned())
}

/// The text of UTF-16, written into one place that is wiped afterwards.
fn from_utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Option<Zeroizing<String>> {
    // a unit comes to three bytes of UTF-8 at most, and a pair of them to four
    let mut text = Zeroizing::new(String::with_capacity(bytes.len() / 2 * 3));
    for c in char::decode_utf16(bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]))) {
        text.push(c.ok()?);
    }
    Some(text)
}

/// How two bytes make a unit of UTF-16, where the byte order mark of it stands first: `>` of Windows' PowerShell writes that.
fn unit_of_utf16(line: &[u8]) -> Option<fn([u8; 2]) -> u16> {
    match line {
        [0xff, 0xfe, ..] => Some(u16::from_le_bytes),
        [0xfe, 0xff, ..] => Some(u16::from_be_bytes),
        _ => None,
    }
}

/// The passwords to try, fetched, and whom to ask when none fits.
pub struct Keyring {
    /// Whether the user named any source for stores.
    is_given: bool,
    store: Vec<Password>,
    key: Vec<Password>,
    ask: Option<Prompt>,
}

impl Keyring {
    /// Fetches what `store` and `key` name; see [`super::args::PasswordArgs`] for the order.
    pub(super) fn new(store: &[Source], key: &[Source], ui: &Ui) -> Result<Keyring> {
        Keyring::with_option(store, key, "--key-password", ui)
    }

    /// The usual passwords, and those of a CA's key.
    pub(super) fn of_issuer(key: &[Source], ui: &Ui) -> Result<Keyring> {
        Keyring::with_option(&[], key, "--issuer-password", ui)
    }

    fn with_option(store: &[Source], key: &[Source], key_option: &str, ui: &Ui) -> Result<Keyring> {
        let asks = |sources: &[Source]| sources.contains(&Source::Prompt);
        if (asks(store) || asks(key)) && ui.prompt().is_none() {
            return Err(no_terminal("--password"));
        }
        if store.iter().chain(key).any(|s| *s == Source::Stdin) {
            files::claim_stdin()?; // once: each `stdin` takes a line of it
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
            is_given: !store.is_empty(),
            store: passwords,
            key: fetch(key, key_option)?,
            ask: ui.prompt().filter(|_| may_ask).map(remembering),
        })
    }

    /// The same, with `password` before all others.
    #[must_use]
    pub fn trying_first(mut self, password: &Password) -> Keyring {
        self.store.retain(|p| p != password);
        self.store.insert(0, password.clone());
        self
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
fn remembering(prompt: Prompt) -> Prompt {
    let last: RefCell<(String, Option<Password>)> = RefCell::default();
    Rc::new(move |what| {
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

/// The password for a store that is made of others: `asked`, else the one that opened one of them, else the first of
/// `keyring` that was given, else as in [`to_write`].
pub(super) fn of_target(asked: Option<&Source>, opened_with: Option<Password>, keyring: &Keyring, ui: &Ui) -> Result<Password> {
    let given = if keyring.is_given { keyring.store.first().cloned() } else { None };
    match (asked, opened_with.or(given)) {
        (None, Some(password)) => Ok(password),
        // nothing given but a question: it was not asked yet, or its answer opened nothing
        (None, None) if keyring.is_given => to_write(Some(&Source::Prompt), "--out-password", ui),
        (asked, _) => to_write(asked, "--out-password", ui),
    }
}

/// Whether the user said which password stores are written with.
pub(super) fn is_chosen(source: Option<&Source>, ui: &Ui) -> bool {
    source.is_some() || ui.variable(VARIABLE).is_some()
}

/// The password for stores that are written: `source`, which `option` gave, else `MTLS_PASSWORD`, else `changeit`.
///
/// A variable that is set and empty is most often a secret that a build system does not have; nobody wants a store that
/// opens without a password because of it.
pub(super) fn to_write(source: Option<&Source>, option: &str, ui: &Ui) -> Result<Password> {
    let default = Source::Variable(VARIABLE.to_owned());
    let Some(source) = source.or(ui.variable(VARIABLE).is_some().then_some(&default)) else {
        return Ok(Password::new("changeit"));
    };
    if let Source::Variable(name) = source
        && ui.variable(name).is_some_and(|text| text.is_empty())
    {
        let fix = format!("set {name} to the password, or unset it; an empty password on purpose is {option} pass:");
        return Err(Error::new(
            Kind::Usage,
            format!("the variable {name} is empty, and would be the password of what is written"),
            fix,
        ));
    }
    if *source == Source::Stdin {
        files::claim_stdin()?;
    }
    if let Some(password) = source.fetch(option, ui)? {
        return Ok(password);
    }
    let prompt = ui.prompt().ok_or_else(|| no_terminal(option))?;
    let given_up = || Error::new(Kind::Usage, "no password was given", FORMS);
    let first = prompt("new password: ").ok_or_else(given_up)?;
    match prompt("once more: ").ok_or_else(given_up)? {
        second if second == first => Ok(first),
        _ => Err(Error::new(Kind::Usage, "the two passwords differ", "run the command again and type the same one twice")),
    }
}

/// What to add to a command that opens a store under `password`, so that it opens without the secret being shown: nothing
/// where it is tried anyway, the one of `sources` that gives it, else a question.
pub(super) fn hint<'s>(password: &Password, sources: impl IntoIterator<Item = &'s Source>, ui: &Ui) -> String {
    let is_tried = match ui.variable(VARIABLE) {
        Some(text) => text == password.expose(),
        None => password.is_empty() || password.expose() == "changeit",
    };
    if is_tried {
        return String::new();
    }
    let gives = |source: &&Source| {
        matches!(source, Source::Variable(_) | Source::File(_))
            && source.fetch("--password", ui).is_ok_and(|given| given.as_ref() == Some(password))
    };
    format!(" --password {}", sources.into_iter().find(gives).unwrap_or(&Source::Prompt).pasted())
}

fn no_terminal(option: &str) -> Error {
    Error::new(
        Kind::Usage,
        "there is no terminal to ask for the password on",
        format!("give it with {option} env:NAME, file:PATH or stdin"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    fn sources(texts: &[&str]) -> Vec<Source> {
        texts.iter().map(|t| Source::parse(t).unwrap()).collect()
    }

    #[test]
    fn utf16_does_not_outgrow_the_place_that_was_made_for_it() {
        for text in ["a", "€€€", "a€😀😀"] {
            let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            let read = from_utf16(&bytes, u16::from_le_bytes).unwrap();
            assert_eq!((read.as_str(), read.capacity()), (text, bytes.len() / 2 * 3));
        }
        assert_eq!(from_utf16(&[0, 0xd8], u16::from_le_bytes), None, "half a pair");
    }

    /// What is tried on a store, in order.
    fn tried(texts: &[&str], ui: &Ui) -> Result<Vec<String>> {
        let keyring = Keyring::new(&sources(texts), &[], ui)?;
        let tried = RefCell::new(Vec::new());
        let refusal = keyring.passwords().open_store::<()>("x.p12", |p| {
            tried.borrow_mut().push(p.expose().to_owned());
            Err(Error::wrong_password())
        });
        assert_eq!(refusal.unwrap_err().kind, Kind::WrongPassword);
        Ok(tried.into_inner())
    }

    #[test]
    fn given_ones_are_the_only_ones() {
        let (ui, _) = Ui::captured(&[("STORE", "from env"), (VARIABLE, "from variable")]);
        assert_eq!(
            tried(&["pass:a:b", "env:STORE", "pass:"], &ui),
            Ok(vec!["a:b".to_owned(), "from env".to_owned(), String::new()])
        );
        assert_eq!(tried(&[], &ui), Ok(vec!["from variable".to_owned()]));
        assert_eq!(tried(&[], &Ui::captured(&[]).0), Ok(vec![String::new(), "changeit".to_owned()]));
    }

    #[test]
    fn a_terminal_is_asked_last_and_only_where_that_is_allowed() {
        let on_terminal = || Ui::captured(&[]).0.on_terminal(|_| Some("typed"));
        assert_eq!(tried(&[], &on_terminal()), Ok(["", "changeit", "typed", "typed", "typed"].map(str::to_owned).to_vec()));
        assert_eq!(tried(&["pass:a"], &on_terminal()), Ok(vec!["a".to_owned()]));
        assert_eq!(
            tried(&["prompt", "pass:a"], &on_terminal()),
            Ok(["a", "typed", "typed", "typed"].map(str::to_owned).to_vec())
        );
        assert_eq!(tried(&["prompt"], &Ui::captured(&[]).0).unwrap_err().kind, Kind::Usage);
    }

    #[test]
    fn an_answer_is_remembered_for_the_next_store() {
        let asked = Rc::new(Cell::new(0));
        let count = asked.clone();
        let ui = Ui::captured(&[]).0.on_terminal(move |question| {
            assert_eq!(question, "password of a\\u{1b}.p12: ");
            count.set(count.get() + 1);
            Some("typed")
        });
        let keyring = Keyring::new(&sources(&["prompt"]), &[], &ui).unwrap();
        let open = |p: &Password| if p.expose() == "typed" { Ok(()) } else { Err(Error::wrong_password()) };
        for store in ["a\x1b.p12", "b.p12", "c.p12"] {
            keyring.passwords().open_store(store, open).unwrap();
        }
        assert_eq!(asked.get(), 1);
    }

    #[test]
    fn files_of_windows_shells_are_utf16() {
        let file = "\u{feff}pässwörd\u{a05}\r\nsecond\r\n";
        for unit in [u16::to_le_bytes, u16::to_be_bytes] {
            let bytes: Vec<u8> = file.encode_utf16().flat_map(unit).collect();
            assert_eq!(first_line(&bytes[..]).unwrap().expose(), "pässwörd\u{a05}");
        }
        assert!(first_line(&[0xff, 0xfe, 0, 0xd8][..]).is_err(), "half a character");
    }

    #[test]
    fn files_give_their_first_line() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("password");
        let fetch = |content: &[u8]| {
            std::fs::write(&path, content).unwrap();
            Source::File(path.clone()).fetch("--password", &Ui::captured(&[]).0).map(|p| p.unwrap().expose().to_owned())
        };
        assert_eq!(fetch(b"secret"), Ok("secret".to_owned()));
        assert_eq!(fetch(b"se cret \r\nmore\n"), Ok("se cret ".to_owned()));
        assert_eq!(fetch(b"\n"), Ok(String::new()));
        assert_eq!(fetch(b"\xef\xbb\xbfsecret\r\n"), Ok("secret".to_owned()), "a byte order mark is no part of it");
        for content in [&b""[..], b"\xff\n", &[b'x'; MAX_LENGTH + 1]] {
            assert_eq!(fetch(content).unwrap_err().kind, Kind::Usage);
        }
    }

    #[test]
    #[cfg(unix)]
    fn descriptors_give_a_line_each() {
        use std::io::Write;
        use std::os::fd::AsRawFd;
        let (read, mut write) = std::io::pipe().unwrap();
        write.write_all(b"one\ntwo\n").unwrap();
        let source = Source::parse(&format!("fd:{}", read.as_raw_fd())).unwrap();
        let ui = Ui::captured(&[]).0;
        for line in ["one", "two"] {
            assert_eq!(source.fetch("--password", &ui).unwrap().unwrap().expose(), line);
        }
    }

    #[test]
    fn a_bad_source_is_not_repeated() {
        let ui = Ui::captured(&[]).0;
        for text in ["hunter2", "fd:hunter2", "env:", "pas:hunter2", ""] {
            let e = tried(&[text], &ui).unwrap_err();
            assert_eq!(e.kind, Kind::Usage, "{text}");
            assert!(!e.to_string().contains("hunter2"));
        }
    }

    #[test]
    fn an_empty_variable_is_tried_and_never_written() {
        let (ui, _) = Ui::captured(&[(VARIABLE, ""), ("OTHER", "")]);
        assert_eq!(tried(&[], &ui), Ok(vec![String::new()]));
        for source in [None, Some(Source::Variable("OTHER".to_owned()))] {
            let e = to_write(source.as_ref(), "--password", &ui).unwrap_err();
            assert!(e.kind == Kind::Usage && e.what.contains("is empty") && e.fix.ends_with("--password pass:"), "{e}");
        }
        assert!(to_write(Some(&Source::Text(Password::empty())), "--password", &ui).unwrap().is_empty());
    }

    #[test]
    fn a_variable_that_is_not_set_is_named_in_the_fix() {
        let e = tried(&["env:NOPE"], &Ui::captured(&[]).0).unwrap_err();
        assert!(e.what.contains("the variable NOPE") && e.fix.starts_with("set NOPE and export it"), "{e}");
        let e = Keyring::of_issuer(&sources(&["env:NOPE"]), &Ui::captured(&[]).0).err().unwrap();
        assert!(e.what.starts_with("--issuer-password: "), "{e}");
    }

    #[test]
    fn a_hint_opens_the_store_and_keeps_the_secret() {
        let (ui, _) = Ui::captured(&[("STORE", "s3cr3t")]);
        let hinted = |text: &str, from: &[&str]| hint(&Password::new(text), &sources(from), &ui);
        assert_eq!((hinted("changeit", &[]), hinted("", &[])), (String::new(), String::new()));
        assert_eq!(hinted("s3cr3t", &["pass:x", "env:STORE"]), " --password env:STORE");
        assert_eq!(hinted("s3cr3t", &["pass:s3cr3t"]), " --password prompt");
        let (ui, _) = Ui::captured(&[(VARIABLE, "s3cr3t")]);
        assert_eq!(hint(&Password::new("s3cr3t"), &[], &ui), "");
        assert_eq!(hint(&Password::new("changeit"), &[], &ui), " --password prompt");
    }

    #[test]
    fn a_new_password_is_typed_twice() {
        let fetch = |answers: [&'static str; 2]| {
            let turn = Cell::new(0);
            let ui = Ui::captured(&[]).0.on_terminal(move |_| Some(answers[turn.replace(turn.get() + 1)]));
            to_write(Some(&Source::Prompt), "--password", &ui).map(|p| p.expose().to_owned())
        };
        assert_eq!(fetch(["a", "a"]), Ok("a".to_owned()));
        assert_eq!(fetch(["a", "b"]).unwrap_err().kind, Kind::Usage);
        assert_eq!(to_write(None, "--password", &Ui::captured(&[]).0).unwrap().expose(), "changeit");
        assert_eq!(to_write(None, "--password", &Ui::captured(&[(VARIABLE, "v")]).0).unwrap().expose(), "v");
    }
}
