//! The terminal and the environment: streams, questions, colour, width, the clock. Everything is printed here.

use super::hush::Hush;
use super::output::{Color, OutputArgs};
use crate::error::{Error, Kind, Result};
use crate::pki::Password;
use crate::report::text::{Charset, Style};
use std::cell::RefCell;
use std::ffi::OsString;
use std::io::{ErrorKind, IsTerminal, Write};
use std::rc::Rc;
use time::OffsetDateTime;

/// Shows its argument and reads a password without echo; `None` when the person gives up.
pub type Prompt = Rc<dyn Fn(&str) -> Option<Password>>;

/// Looks up an environment variable; `None` where it is not set, or not UTF-8.
type Variable = Box<dyn Fn(&str) -> Option<String>>;

/// What is done on a signal.
type OnSignal = Box<dyn FnMut() + Send>;

/// What a command may see of the world around the process.
pub struct Ui {
    out: RefCell<Box<dyn Write>>,
    err: RefCell<Box<dyn Write>>,
    out_is_terminal: bool,
    err_is_terminal: bool,
    prompt: Option<Prompt>,
    clock: Box<dyn Fn() -> OffsetDateTime>,
    variable: Variable,
    /// Whether signals are ours to take; a test's are not.
    takes_signals: bool,
    is_json: bool,
    style: Style,
    message_style: Style,
    hush: Hush,
}

impl Ui {
    /// The streams, terminal, clock and environment of this process.
    pub fn of_process() -> Ui {
        let (out_is_terminal, err_is_terminal) = (std::io::stdout().is_terminal(), std::io::stderr().is_terminal());
        let mut ui = Ui {
            out: RefCell::new(Box::new(std::io::stdout())),
            err: RefCell::new(Box::new(std::io::stderr())),
            out_is_terminal,
            err_is_terminal,
            // the question goes to the terminal itself, so that standard input stays free for a store
            prompt: err_is_terminal
                .then(|| -> Prompt { Rc::new(|text| rpassword::prompt_password(text).ok().map(Password::new)) }),
            clock: Box::new(OffsetDateTime::now_utc),
            variable: Box::new(|name| std::env::var(name).ok()),
            takes_signals: true,
            is_json: false,
            style: Style::default(),
            message_style: Style::default(),
            hush: Hush::default(),
        };
        ui.configure(&OutputArgs::default());
        ui
    }

    /// Has no answer repeat the secrets among `words`.
    pub(super) fn hush(&mut self, words: &[OsString]) {
        self.hush = Hush::of(words);
    }

    /// Settles the looks by the options, the environment and the terminal.
    pub fn configure(&mut self, output: &OutputArgs) {
        self.is_json = output.json;
        self.style = self.style_of(self.out_is_terminal, output);
        self.message_style = self.style_of(self.err_is_terminal, output);
    }

    /// Whether the result is one JSON object on standard output.
    pub fn is_json(&self) -> bool {
        self.is_json
    }

    fn style_of(&self, is_terminal: bool, output: &OutputArgs) -> Style {
        let set = |name: &str| (self.variable)(name).is_some_and(|v| !v.is_empty());
        let is_coloured = match output.color {
            Color::Always => true,
            Color::Never => false,
            // https://no-color.org and https://bixense.com/clicolors
            Color::Auto if set("NO_COLOR") => false,
            Color::Auto => set("CLICOLOR_FORCE") || is_terminal && (self.variable)("TERM").as_deref() != Some("dumb"),
        };
        let charset = match (self.has_utf8_locale(), is_terminal || output.color == Color::Always) {
            (true, true) => Charset::Symbols,
            (true, false) => Charset::Text,
            (false, _) => Charset::Ascii,
        };
        let columns = (self.variable)("COLUMNS").and_then(|c| c.parse().ok());
        let width = is_terminal.then(|| columns.or_else(terminal_width).unwrap_or(100));
        Style { is_coloured, charset, width, is_verbose: output.verbose, is_quiet: output.quiet }
    }

    /// By the first of these that is set (POSIX.1-2017, 8.2); Windows consoles are UTF-8.
    fn has_utf8_locale(&self) -> bool {
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].iter().filter_map(|n| (self.variable)(n)).find(|v| !v.is_empty());
        cfg!(windows) || locale.is_some_and(|l| l.to_ascii_lowercase().replace('-', "").contains("utf8"))
    }

    /// How results look, on standard output.
    pub fn style(&self) -> &Style {
        &self.style
    }

    /// How messages look, on standard error.
    pub fn message_style(&self) -> &Style {
        &self.message_style
    }

    /// What time it is.
    pub fn now(&self) -> OffsetDateTime {
        (self.clock)()
    }

    /// What time it will be when it is asked, in any thread.
    pub fn running_clock(&self) -> impl Fn() -> OffsetDateTime + Send + Sync + 'static {
        let (now, start) = (self.now(), std::time::SystemTime::now());
        // a clock that was set back in between stands still
        move || now + start.elapsed().unwrap_or_default()
    }

    /// An environment variable; `None` where it is not set, or not UTF-8.
    pub fn variable(&self, name: &str) -> Option<String> {
        (self.variable)(name)
    }

    /// How to ask for a password; `None` where there is no terminal.
    pub fn prompt(&self) -> Option<Prompt> {
        self.prompt.clone()
    }

    /// Does this in a thread of its own whenever the process is asked to end: on SIGINT (Ctrl-C) and SIGTERM.
    ///
    /// # Errors
    /// An internal one where the system does not let us.
    pub fn on_signal(&self, act: OnSignal) -> Result<()> {
        if self.takes_signals { caught(act) } else { Ok(()) }
    }

    /// Says on standard error, on a terminal only, what takes a while: `making an RSA key of 4096 bits`.
    pub fn progress(&self, what: &str) {
        if self.err_is_terminal && !self.style.is_quiet {
            // progress is a courtesy: a terminal that went away is no reason to stop
            let _ = self.tell(&format!("{what} ...\n"));
        }
    }

    /// Writes a result to standard output. A reader that went away early (`mtls inspect … | head`) is no error.
    ///
    /// # Errors
    /// An output error, as for a full disk.
    pub fn print(&self, text: &str) -> Result<()> {
        written(&self.out, &self.hush.over(text), "standard output")
    }

    /// Writes a message to standard error.
    ///
    /// # Errors
    /// As [`Ui::print`].
    pub fn tell(&self, text: &str) -> Result<()> {
        written(&self.err, &self.hush.over(text), "standard error")
    }

    /// Prints clap's answer (help and version to standard output, faults to standard error); its exit status.
    ///
    /// # Errors
    /// As [`Ui::print`].
    pub(super) fn usage(&self, answer: &clap::Error) -> Result<u8> {
        let style = if answer.use_stderr() { &self.message_style } else { &self.style };
        let text = answer.render();
        let text = if style.is_coloured { text.ansi().to_string() } else { text.to_string() };
        if answer.use_stderr() { self.tell(&text).map(|()| Kind::Usage.exit_status()) } else { self.print(&text).map(|()| 0) }
    }
}

#[cfg(unix)]
fn caught(mut act: OnSignal) -> Result<()> {
    use signal_hook::consts::{SIGINT, SIGTERM};
    let refused = |e: std::io::Error| Error::internal("signals cannot be caught").because(e);
    let mut signals = signal_hook::iterator::Signals::new([SIGINT, SIGTERM]).map_err(refused)?;
    let watch = move || signals.forever().for_each(|_| act());
    // it ends with the process
    std::thread::Builder::new().spawn(watch).map(drop).map_err(refused)
}

#[cfg(windows)]
fn caught(act: OnSignal) -> Result<()> {
    ctrlc::set_handler(act).map_err(|e| Error::internal("Ctrl-C cannot be caught").because(e))
}

fn written(stream: &RefCell<Box<dyn Write>>, text: &str, place: &str) -> Result<()> {
    let mut stream = stream.borrow_mut();
    match stream.write_all(text.as_bytes()).and_then(|()| stream.flush()) {
        Err(e) if e.kind() != ErrorKind::BrokenPipe => {
            Err(Error::new(Kind::Output, format!("cannot write to {place}"), "see that there is space and that it is open")
                .because(e))
        }
        _ => Ok(()),
    }
}

/// The columns of the terminal on standard output.
fn terminal_width() -> Option<usize> {
    terminal_size::terminal_size().map(|(terminal_size::Width(columns), _)| usize::from(columns))
}

/// What a captured [`Ui`] printed: standard output and standard error.
#[cfg(test)]
#[derive(Clone, Default)]
pub struct Captured {
    out: Rc<RefCell<Vec<u8>>>,
    err: Rc<RefCell<Vec<u8>>>,
}

#[cfg(test)]
impl Captured {
    /// Both streams so far.
    pub fn text(&self) -> (String, String) {
        let text = |bytes: &RefCell<Vec<u8>>| String::from_utf8(bytes.borrow().clone()).unwrap();
        (text(&self.out), text(&self.err))
    }
}

#[cfg(test)]
struct Shared(Rc<RefCell<Vec<u8>>>);

#[cfg(test)]
impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
impl Ui {
    /// A double without a terminal: prints into memory, in an environment of `variables`, on 2026-11-21 at midnight UTC.
    pub fn captured(variables: &[(&str, &str)]) -> (Ui, Captured) {
        let captured = Captured::default();
        let variables: std::collections::HashMap<String, String> =
            variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let mut ui = Ui {
            out: RefCell::new(Box::new(Shared(captured.out.clone()))),
            err: RefCell::new(Box::new(Shared(captured.err.clone()))),
            out_is_terminal: false,
            err_is_terminal: false,
            prompt: None,
            clock: Box::new(|| time::macros::datetime!(2026-11-21 0:00 UTC)),
            variable: Box::new(move |name| variables.get(name).cloned()),
            takes_signals: false,
            is_json: false,
            style: Style::default(),
            message_style: Style::default(),
            hush: Hush::default(),
        };
        ui.configure(&OutputArgs::default());
        (ui, captured)
    }

    /// The same with both streams on a terminal, where `answer` answers each question.
    #[must_use]
    pub fn on_terminal(mut self, answer: impl Fn(&str) -> Option<&'static str> + 'static) -> Ui {
        (self.out_is_terminal, self.err_is_terminal) = (true, true);
        self.prompt = Some(Rc::new(move |question| answer(question).map(Password::new)));
        self.configure(&OutputArgs::default());
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn style(variables: &[(&str, &str)], is_terminal: bool, color: Color) -> (bool, Charset) {
        let (mut ui, _) = Ui::captured(variables);
        if is_terminal {
            ui = ui.on_terminal(|_| None);
        }
        ui.configure(&OutputArgs { color, ..OutputArgs::default() });
        (ui.style().is_coloured, ui.style().charset)
    }

    #[test]
    fn looks_follow_the_terminal_the_locale_and_the_wish() {
        let utf8 = ("LANG", "de_DE.UTF-8");
        assert_eq!(style(&[utf8], true, Color::Auto), (true, Charset::Symbols));
        assert_eq!(style(&[utf8], false, Color::Auto), (false, Charset::Text));
        assert_eq!(style(&[], true, Color::Auto), (true, Charset::Ascii));
        assert_eq!(style(&[utf8, ("LC_ALL", "C")], true, Color::Auto), (true, Charset::Ascii));
        assert_eq!(style(&[utf8, ("NO_COLOR", "1")], true, Color::Auto), (false, Charset::Symbols));
        assert_eq!(style(&[utf8, ("NO_COLOR", "1")], true, Color::Always), (true, Charset::Symbols));
        assert_eq!(style(&[utf8, ("TERM", "dumb")], true, Color::Auto), (false, Charset::Symbols));
        assert_eq!(style(&[utf8, ("CLICOLOR_FORCE", "1")], false, Color::Auto), (true, Charset::Text));
        assert_eq!(style(&[("LC_CTYPE", "C.utf8")], false, Color::Always), (true, Charset::Symbols));
        assert_eq!(style(&[utf8], true, Color::Never), (false, Charset::Symbols));
    }

    struct Failing(ErrorKind);

    impl Write for Failing {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(self.0.into())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_reader_that_went_away_is_no_error_and_a_full_disk_is() {
        let (mut ui, _) = Ui::captured(&[]);
        ui.out = RefCell::new(Box::new(Failing(ErrorKind::BrokenPipe)));
        assert_eq!(ui.print("x"), Ok(()));
        ui.out = RefCell::new(Box::new(Failing(ErrorKind::StorageFull)));
        assert_eq!(ui.print("x").unwrap_err().kind, Kind::Output);
    }

    #[test]
    fn progress_is_for_terminals() {
        let (ui, said) = Ui::captured(&[]);
        ui.progress("making a key");
        assert_eq!(said.text().1, "");
        ui.on_terminal(|_| None).progress("making a key");
        assert_eq!(said.text().1, "making a key ...\n");
    }
}
