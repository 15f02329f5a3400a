//! The importer as its users run it: a process that reads a model and writes two files, or refuses.

mod compiled;
mod evaluate;
mod exporters;
mod files;
mod graphs;
mod hostile;
mod layouts;
mod refusals;
mod refused_numbers;
mod state_dicts;
mod tool;
mod usage;
