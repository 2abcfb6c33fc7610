//! How much work and memory a file may ask of us.

use crate::error::{Error, Kind, Result};
use std::cell::Cell;

/// Iterations of all key derivations of one file together, unless `--max-iterations` says otherwise: some seconds' work,
/// ten on a slow core. certtool asks for 600,000 for each certificate, more than any other program: thirty of them pass.
pub const DEFAULT_ITERATIONS: u64 = 20_000_000;
/// Memory of one scrypt derivation.
pub const MAX_SCRYPT_MEMORY: u64 = 256 << 20;
/// Signatures that are checked to put the chains of one file in order.
pub const MAX_SIGNATURES: usize = 5_000;
/// Entries in one file.
pub const MAX_ENTRIES: usize = 500_000;

/// What is left of the work that one file may ask for.
#[derive(Debug)]
pub struct Budget {
    limit: u64,
    left: Cell<u64>,
    entries: Cell<usize>,
    signatures: Cell<usize>,
}

impl Default for Budget {
    fn default() -> Self {
        Budget::with_iterations(DEFAULT_ITERATIONS)
    }
}

impl Budget {
    /// A budget of `limit` iterations.
    pub fn with_iterations(limit: u64) -> Self {
        Budget { limit, left: Cell::new(limit), entries: Cell::new(MAX_ENTRIES), signatures: Cell::new(MAX_SIGNATURES) }
    }

    /// Takes `iterations` of `scheme` off the budget, before the work is done. A derivation that is done again for another
    /// password is charged again: what is bounded is the time that one file takes.
    ///
    /// # Errors
    /// [`Kind::TooCostly`], naming the figure, the cap and the option that lifts it.
    pub fn charge(&self, scheme: &str, iterations: u64) -> Result<()> {
        match self.left.get().checked_sub(iterations) {
            Some(left) => {
                self.left.set(left);
                Ok(())
            }
            None => Err(Error::new(
                Kind::TooCostly,
                format!(
                    "{scheme} asks for {iterations} iterations; the cap is {} for all of a file's key derivations together",
                    self.limit
                ),
                "if you trust the file, lift the cap with --max-iterations N",
            )),
        }
    }

    /// How many signatures may still be checked to put chains in order.
    pub fn signatures(&self) -> &Cell<usize> {
        &self.signatures
    }

    /// Takes one scrypt derivation (RFC 7914) off the budget: memory of 128·r·(N + p) bytes, work of 2·N·r·p blocks.
    ///
    /// # Errors
    /// [`Kind::TooCostly`] as in [`Budget::charge`].
    pub fn charge_scrypt(&self, n: u64, r: u64, p: u64) -> Result<()> {
        let memory = n.saturating_add(p).saturating_mul(r).saturating_mul(128);
        if memory > MAX_SCRYPT_MEMORY {
            return Err(Error::new(
                Kind::TooCostly,
                format!(
                    "scrypt asks for {} MiB of memory (N={n}, r={r}, p={p}); the cap is {} MiB",
                    memory >> 20,
                    MAX_SCRYPT_MEMORY >> 20
                ),
                "have the file written anew with a smaller N (16384 is usual)",
            ));
        }
        self.charge("scrypt", n.saturating_mul(r).saturating_mul(p))
    }

    /// Takes `n` entries off the budget.
    ///
    /// # Errors
    /// [`Kind::TooCostly`] where the file holds more than [`MAX_ENTRIES`].
    pub fn charge_entries(&self, n: usize) -> Result<()> {
        match self.entries.get().checked_sub(n) {
            Some(left) => {
                self.entries.set(left);
                Ok(())
            }
            None => Err(Error::new(
                Kind::TooCostly,
                format!("more than {MAX_ENTRIES} entries in one file"),
                "split the file into smaller ones",
            )),
        }
    }
}
