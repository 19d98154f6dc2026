//! Drives the real command line.
