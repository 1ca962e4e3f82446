mod accounts;
mod keeping;
mod long_runs;
mod market;
mod settling;
mod skipped;
mod trading;
