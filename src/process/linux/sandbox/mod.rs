//! Puts the rules of a sandbox up around a program, by Landlock and seccomp.

mod filter;
mod restrict;
mod rules;
