//! Puts the rules of a sandbox up around a program, by Landlock and seccomp, and takes the superuser's privileges from it.

mod calls;
mod filter;
mod privileges;
mod restrict;
mod rules;

pub(in crate::process) use rules::rules_here;
