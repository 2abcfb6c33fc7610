//! Passwords, and the order in which they are tried.

use crate::error::{Error, Kind, Result};
use std::fmt;
use zeroize::Zeroizing;

/// A password: wiped when dropped, never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(Zeroizing<String>);

impl Password {
    /// The password `text`.
    pub fn new(text: impl Into<String>) -> Self {
        Password(Zeroizing::new(text.into()))
    }

    /// The empty password.
    pub fn empty() -> Self {
        Password::new("")
    }

    /// The text, for key derivation only.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether it has no character.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// Asks a person for the password of what is named; `None` when they give up.
pub type Ask<'a> = dyn Fn(&str) -> Option<Password> + 'a;

/// What to try on a store and on the keys inside it, in order.
#[derive(Default)]
pub struct Passwords<'a> {
    store: Vec<Password>,
    key: Vec<Password>,
    ask: Option<&'a Ask<'a>>,
}

impl<'a> Passwords<'a> {
    /// Tries `store` on stores, `key` and then `store` on keys with a password of their own.
    pub fn new(store: Vec<Password>, key: Vec<Password>) -> Self {
        Passwords { store, key, ask: None }
    }

    /// The two that most stores in the wild have: the empty one and Java's `changeit`.
    pub fn usual() -> Self {
        Passwords::new(vec![Password::empty(), Password::new("changeit")], vec![])
    }

    /// The same, and at last a question on the terminal.
    #[must_use]
    pub fn asking(mut self, ask: &'a Ask<'a>) -> Self {
        self.ask = Some(ask);
        self
    }

    /// Tries each password on a store until `open` does not answer [`Kind::WrongPassword`].
    ///
    /// # Errors
    /// `open`'s own error for anything but a wrong password, else the last wrong-password error.
    pub fn open_store<T>(&self, what: &str, open: impl FnMut(&Password) -> Result<T>) -> Result<(T, Password)> {
        self.try_each(self.store.iter(), what, open)
    }

    /// Tries on one key: first `opened_with` (the password that opened its store), then the key passwords, then the
    /// store passwords.
    ///
    /// # Errors
    /// As [`Passwords::open_store`].
    pub fn open_key<T>(
        &self,
        what: &str,
        opened_with: Option<&Password>,
        open: impl FnMut(&Password) -> Result<T>,
    ) -> Result<(T, Password)> {
        let rest = self.key.iter().chain(&self.store).filter(|p| Some(*p) != opened_with);
        self.try_each(opened_with.into_iter().chain(rest), what, open)
    }

    fn try_each<'p, T>(
        &self,
        candidates: impl Iterator<Item = &'p Password>,
        what: &str,
        mut open: impl FnMut(&Password) -> Result<T>,
    ) -> Result<(T, Password)> {
        let mut refusal = Error::wrong_password();
        for password in candidates {
            match open(password) {
                Ok(opened) => return Ok((opened, password.clone())),
                Err(e) if e.kind == Kind::WrongPassword => refusal = e,
                Err(e) => return Err(e),
            }
        }
        // a person may mistype: three tries, as sudo and ssh give
        for _ in 0..3 {
            let Some(password) = self.ask.and_then(|ask| ask(what)) else { break };
            match open(&password) {
                Ok(opened) => return Ok((opened, password)),
                Err(e) if e.kind == Kind::WrongPassword => refusal = e,
                Err(e) => return Err(e),
            }
        }
        Err(refusal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lock(right: &'static str) -> impl FnMut(&Password) -> Result<()> {
        move |p| if p.expose() == right { Ok(()) } else { Err(Error::wrong_password()) }
    }

    #[test]
    fn tries_in_order_and_says_which_opened() {
        let opened = Passwords::usual().open_store("x", lock("changeit")).unwrap();
        assert_eq!(opened.1.expose(), "changeit");
        assert_eq!(Passwords::usual().open_store("x", lock("other")).unwrap_err().kind, Kind::WrongPassword);
    }

    #[test]
    fn other_errors_end_the_search() {
        let e = Passwords::usual().open_store::<()>("x", |_| Err(Error::damaged("cut"))).unwrap_err();
        assert_eq!(e.kind, Kind::Damaged);
    }

    #[test]
    fn debug_shows_nothing() {
        assert_eq!(format!("{:?}", Password::new("secret")), "Password(…)");
    }
}
